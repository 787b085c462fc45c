import NIOCore
import NIOSSL

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Ends a TCP connection with a reset in place of an orderly close.
enum TransportReset {
    static func reset(_ channel: any Channel) {
        // With a linger time of zero the kernel throws away what is unsent and sends RST when the socket is closed.
        if let socket = channel as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
        }
        // TLS would say goodbye first: close below it.
        if let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
            tls.close(promise: nil)
        } else {
            channel.close(promise: nil)
        }
    }
}
