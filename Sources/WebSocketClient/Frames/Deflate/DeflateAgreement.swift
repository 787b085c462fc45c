/// What was agreed about compression (RFC 7692). Concerns what the server sends; this client sends nothing compressed.
struct DeflateAgreement: Equatable, Sendable {
    /// Whether a message may refer to those before it.
    var keepsContext: Bool
}
