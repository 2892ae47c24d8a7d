// Original file: proto/hookline/v1/registry.proto


export interface ChangePasswordResponse {
}

export interface ChangePasswordResponse__Output {
}
