internal import NIOSSL

/// Reads what `WebSocketTLS` names.
struct TLSFiles {
    private let settings: WebSocketTLS

    init(_ settings: WebSocketTLS) {
        self.settings = settings
    }

    /// TLS 1.2 or newer, full verification. Throws `.tls` naming the file that cannot be used.
    func makeContext() throws(WebSocketConnectError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let path = self.settings.additionalCAFile {
            configuration.additionalTrustRoots = [.certificates(try self.certificates(in: path))]
        }
        switch (self.settings.clientCertificateFile, self.settings.clientKeyFile) {
        case (let certificatePath?, let keyPath?):
            configuration.certificateChain = try self.certificates(in: certificatePath).map { .certificate($0) }
            configuration.privateKey = .privateKey(try self.key(in: keyPath))
        case (nil, nil):
            break
        case (.some, nil), (nil, .some):
            throw .tls("a client certificate needs both a certificate file and a key file")
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .tls("the TLS settings do not fit together: \(TLSFailure.describe(error))")
        }
    }

    private func certificates(in path: String) throws(WebSocketConnectError) -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw .tls("no PEM certificates can be read from \(path)")
        }
    }

    private func key(in path: String) throws(WebSocketConnectError) -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(file: path, format: .pem)
        } catch {
            throw .tls("no PEM private key can be read from \(path)")
        }
    }
}
