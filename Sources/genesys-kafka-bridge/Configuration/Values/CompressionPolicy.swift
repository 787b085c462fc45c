/// Whether a server may compress its messages (RFC 7692).
enum CompressionPolicy: String, CaseIterable, Sendable {
    /// It may not: some proxies mishandle it (S2.9).
    case off
    /// It may, if it wants to.
    case permessageDeflate = "permessage-deflate"
}
