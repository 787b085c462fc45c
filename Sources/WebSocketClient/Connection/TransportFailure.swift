internal import NIOCore
internal import NIOSSL

/// Puts errors of the transport into words.
enum TransportFailure {
    /// One line for a log.
    static func describe(_ error: any Error) -> String {
        switch error {
        case NIOSSLError.uncleanShutdown: "the TLS connection was truncated: it ended without a close notification"
        case let error as IOError: error.description
        case let error as ChannelError: self.describe(error)
        case let error where TLSFailure.isTLS(error): "TLS: \(TLSFailure.describe(error))"
        default: String(describing: error)
        }
    }

    private static func describe(_ error: ChannelError) -> String {
        switch error {
        case .connectTimeout: "timed out"
        case .eof: "end of stream"
        case .ioOnClosedChannel, .alreadyClosed: "already closed"
        default: String(describing: error)
        }
    }
}
