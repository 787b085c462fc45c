/// Why no token was granted.
struct TokenRefusal: Error, Hashable {
    /// For people; holds no secret.
    var reason: String
    /// How long the server asks to be left alone.
    var retryAfterSeconds: Int?
}
