internal import NIOSSL

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Puts TLS errors into words an operator can act on.
public enum TLSFailure {
    /// One line for an error of a TLS handshake, whoever made it; nil for any other error.
    public static func words(for error: any Error) -> String? {
        self.isTLS(error) ? self.describe(error) : nil
    }

    /// Whether the error comes from the TLS layer.
    static func isTLS(_ error: any Error) -> Bool {
        error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError
    }

    /// One line. `peerCertificate` helps to tell why a chain was not trusted.
    static func describe(_ error: any Error, peerCertificate: NIOSSLCertificate? = nil) -> String {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return Self.otherName(error.description)
        case NIOSSLError.unableToValidateCertificate:
            return "the server's certificate is not for this host name or address"
        case NIOSSLError.handshakeFailed(let cause):
            return self.describe(handshake: cause, peerCertificate: peerCertificate)
        case NIOSSLError.uncleanShutdown:
            return "the server closed the connection during the handshake"
        case let error as BoringSSLError:
            return self.describe(handshake: error, peerCertificate: peerCertificate)
        default:
            return String(describing: error)
        }
    }

    /// What the library says of the names, where there was one to look for: to an address there is none.
    private static func otherName(_ details: String) -> String {
        let words = "the server's certificate is for another host name"
        return details.contains("<none>")
            ? "\(words), or for none where an address is connected to" : "\(words) (\(details))"
    }

    private static func describe(handshake error: BoringSSLError, peerCertificate: NIOSSLCertificate?) -> String {
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return self.describeDistrust(of: peerCertificate) + " (CERTIFICATE_VERIFY_FAILED)"
        }
        let knowledge: [(reason: String, meaning: String)] = [
            ("WRONG_VERSION_NUMBER", "the server does not speak TLS on this port"),
            ("HTTP_REQUEST", "the server does not speak TLS on this port"),
            ("CERTIFICATE_REQUIRED", "the server asks for a client certificate"),
            ("PROTOCOL_VERSION", "the server speaks no TLS version from 1.2 on"),
            ("UNSUPPORTED_PROTOCOL", "the server speaks no TLS version from 1.2 on"),
            ("UNKNOWN_CA", "the server does not trust the client certificate"),
            ("BAD_CERTIFICATE", "the server refused the client certificate"),
            ("EOF during handshake", "the server closed the connection during the handshake"),
        ]
        let reason = self.reasonCode(in: text)
        guard let known = knowledge.first(where: { text.contains($0.reason) }) else {
            return "the handshake failed (\(reason))"
        }
        return "\(known.meaning) (\(reason))"
    }

    private static func describeDistrust(of certificate: NIOSSLCertificate?) -> String {
        guard let certificate else {
            return "the server's certificate is not trusted: its issuer is unknown or it expired"
        }
        let now = Int(Date().timeIntervalSince1970)
        if certificate.notValidAfter < now {
            return "the server's certificate has expired"
        } else if certificate.notValidBefore > now {
            return "the server's certificate is not valid yet"
        } else {
            return "the server's certificate is not trusted: its issuer is unknown"
        }
    }

    /// BoringSSL's own word for it: `…:OPENSSL_internal:WRONG_VERSION_NUMBER at …`.
    private static func reasonCode(in text: String) -> String {
        let marker = "OPENSSL_internal:"
        guard let start = text.firstRange(of: marker)?.upperBound else { return text }
        return String(text[start...].prefix { $0 == "_" || $0.isLetter || $0.isNumber })
    }
}
