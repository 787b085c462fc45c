internal import Locking
public import Logging
public import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Opens WebSocket connections (RFC 6455) as a client.
public final class WebSocketConnector: Sendable {
    private let eventLoopGroup: any EventLoopGroup
    private let configuration: WebSocketConfiguration
    private let logger: Logger?
    /// Reading the trust roots takes milliseconds and megabytes. Read again after a TLS failure, so that replaced
    /// certificate files are picked up.
    private let tlsContext = Locked<NIOSSLContext?>(nil)

    /// Every connection lives on one event loop of the group. Nothing logged holds path, query or headers of a target.
    public init(
        eventLoopGroup: any EventLoopGroup,
        configuration: WebSocketConfiguration = WebSocketConfiguration(),
        logger: Logger? = nil
    ) {
        self.eventLoopGroup = eventLoopGroup
        self.configuration = configuration
        self.logger = logger
    }

    /// Resolves the host, connects to the first of its addresses that answers, secures the connection if the scheme
    /// says so and upgrades it, through the proxy if there is one for this target, all within `WebSocketConfiguration.connectTimeout`. Returns at once when cancelled.
    ///
    /// - Parameter offersCompression: false: as if the configuration's compression were off.
    public func connect(
        to target: WebSocketTarget,
        offersCompression: Bool = true
    ) async throws(WebSocketConnectError) -> WebSocketConnection {
        try target.validate()
        let proxy = self.configuration.proxy.flatMap { $0.isUsed(forHost: target.host, port: target.port) ? $0 : nil }
        try proxy?.validate()
        let way = proxy.map { " through the proxy \($0)" } ?? ""
        do throws(WebSocketConnectError) {
            let tlsContext = target.scheme == .wss ? try await self.currentTLSContext() : nil
            var configuration = self.configuration
            if !offersCompression { configuration.compression = .off }
            let connection = try await self.attempt(target, configuration, proxy: proxy, tlsContext: tlsContext)
            let deflate = connection.isDeflateAgreed ? ", compressed" : ""
            self.logger?.debug("connected to \(target)\(way) at \(connection.peerAddress)\(deflate)")
            return connection
        } catch {
            if case .tls = error { self.tlsContext.withLock { $0 = nil } }
            self.logger?.debug("not connected to \(target)\(way): \(error)")
            throw error
        }
    }

    private func attempt(
        _ target: WebSocketTarget,
        _ configuration: WebSocketConfiguration,
        proxy: HTTPProxy?,
        tlsContext: NIOSSLContext?
    ) async throws(WebSocketConnectError) -> WebSocketConnection {
        let eventLoop = self.eventLoopGroup.next()
        let promise = eventLoop.makePromise(of: WebSocketConnection.self)
        let future = promise.futureResult
        let attempt = NIOLoopBoundBox.makeEmptyBox(valueType: ConnectAttempt.self, eventLoop: eventLoop)
        eventLoop.execute {
            let value = ConnectAttempt(
                target: target,
                configuration: configuration,
                proxy: proxy,
                tlsContext: tlsContext,
                promise: promise
            )
            attempt.value = value
            value.start()
        }
        do {
            return try await withTaskCancellationHandler {
                try await future.get()
            } onCancel: {
                eventLoop.execute { attempt.value?.fail(.cancelled) }
            }
        } catch let error as WebSocketConnectError {
            throw error
        } catch {
            throw .connection(TransportFailure.describe(error))
        }
    }

    private func currentTLSContext() async throws(WebSocketConnectError) -> NIOSSLContext {
        if let context = self.tlsContext.withLock({ $0 }) { return context }
        let context: NIOSSLContext
        do {
            // Reading files blocks.
            context = try await NIOThreadPool.singleton.runIfActive { [configuration] in
                try TLSFiles(configuration.tls).makeContext()
            }
        } catch let error as WebSocketConnectError {
            throw error
        } catch {
            throw .tls(TLSFailure.describe(error))
        }
        self.tlsContext.withLock { $0 = context }
        return context
    }
}
