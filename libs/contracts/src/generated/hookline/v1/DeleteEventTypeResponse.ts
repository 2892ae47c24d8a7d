// Original file: proto/hookline/v1/registry.proto


export interface DeleteEventTypeResponse {
}

export interface DeleteEventTypeResponse__Output {
}
