// Original file: proto/hookline/v1/access.proto


export interface DeleteUserResponse {
}

export interface DeleteUserResponse__Output {
}
