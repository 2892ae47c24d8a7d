// Original file: proto/hookline/v1/access.proto


export interface EndSessionRequest {
}

export interface EndSessionRequest__Output {
}
