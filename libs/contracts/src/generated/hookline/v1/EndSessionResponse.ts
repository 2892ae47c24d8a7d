// Original file: proto/hookline/v1/access.proto


export interface EndSessionResponse {
}

export interface EndSessionResponse__Output {
}
