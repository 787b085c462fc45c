/// PEM files for TLS; all are readable when the configuration is accepted.
struct TLSFilesConfiguration: Hashable, Sendable {
    /// Certificate authorities trusted beside the system's.
    var extraCertificateAuthorities: String?
    /// The client certificate's chain; with `clientKey` or not at all.
    var clientCertificate: String?
    var clientKey: String?
}
