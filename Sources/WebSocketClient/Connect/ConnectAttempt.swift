internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// One try to connect, on one event loop: name resolution, TCP with all addresses, the proxy's tunnel, TLS and
/// upgrade under one deadline.
///
/// *Receives* a target. *Hands to* the connector a `WebSocketConnection` or the reason why not. *Holds at most* one
/// established connection that is not upgraded yet.
final class ConnectAttempt {
    private let target: WebSocketTarget
    private let configuration: WebSocketConfiguration
    private let tunnel: TunnelRequest?
    private let tlsContext: NIOSSLContext?
    private let eventLoop: any EventLoop
    private let promise: EventLoopPromise<WebSocketConnection>

    private var stage = WebSocketConnectStage.resolution
    private var deadline: Scheduled<Void>?
    private var channel: (any Channel)?
    private var isOver = false

    init(
        target: WebSocketTarget,
        configuration: WebSocketConfiguration,
        proxy: HTTPProxy?,
        tlsContext: NIOSSLContext?,
        promise: EventLoopPromise<WebSocketConnection>
    ) {
        self.target = target
        self.configuration = configuration
        self.tunnel = proxy.map { TunnelRequest(proxy: $0, target: target) }
        self.tlsContext = tlsContext
        self.eventLoop = promise.futureResult.eventLoop
        self.promise = promise
    }

    /// Everything below runs on the event loop.
    func start() {
        guard !self.isOver else { return }
        let timeout = TimeAmount(self.configuration.connectTimeout)
        self.deadline = self.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.deadlinePassed()
        }
        let attempt = NIOLoopBound(self, eventLoop: self.eventLoop)
        let bootstrap = ClientBootstrap(group: self.eventLoop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try attempt.value.prepare(channel) }
            }
        SocketOptions(self.configuration).apply(to: bootstrap)
            .connect(
                host: self.tunnel?.proxy.host ?? self.target.host,
                port: self.tunnel?.proxy.port ?? self.target.port
            )
            .whenComplete { attempt.value.connected($0) }
    }

    /// The attempt has come this far.
    func enter(_ stage: WebSocketConnectStage) {
        self.stage = stage
    }

    func fail(_ error: WebSocketConnectError) {
        guard !self.isOver else { return }
        self.isOver = true
        self.deadline?.cancel()
        if let channel = self.channel.take() { Self.drop(channel) }
        self.promise.fail(error)
    }

    /// The upgrade is agreed: `WebSocketHandler` takes its place behind `handler`.
    func succeed(on channel: any Channel, after handler: UpgradeHandler, deflate: DeflateAgreement?) {
        guard !self.isOver else { return }
        let mailbox = Mailbox(capacityBytes: self.configuration.readAheadBytes)
        let webSocket = WebSocketHandler(
            mailbox: mailbox,
            limits: self.configuration.frameLimits,
            deflate: deflate,
            closeTimeout: TimeAmount(self.configuration.closeTimeout)
        )
        do {
            try channel.pipeline.syncOperations.addHandler(webSocket, position: .after(handler))
        } catch {
            self.fail(.connection(TransportFailure.describe(error)))
            return
        }
        self.isOver = true
        self.deadline?.cancel()
        let bound = NIOLoopBound(webSocket, eventLoop: self.eventLoop)
        self.promise.succeed(
            WebSocketConnection(
                channel: channel,
                handler: bound,
                mailbox: mailbox,
                isDeflateAgreed: deflate != nil
            )
        )
    }

    // MARK: TCP

    /// Called for every address that is tried: the names are resolved.
    private func prepare(_ channel: any Channel) throws {
        self.enter(.connection)
        if let tunnel = self.tunnel {
            try channel.pipeline.syncOperations.addHandler(TunnelHandler(request: tunnel))
        } else {
            try channel.pipeline.syncOperations.addHandlers(self.targetHandlers())
        }
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel) where self.isOver:
            Self.drop(channel)
        case .success(let channel):
            self.channel = channel
            do {
                if self.tunnel == nil {
                    try self.startUpgrade(on: channel)
                } else {
                    try channel.pipeline.syncOperations.handler(type: TunnelHandler.self).start(for: self)
                }
            } catch {
                self.fail(self.connectionFailure("the server closed the connection at once"))
            }
        case .failure(let error):
            self.fail(self.describe(error))
        }
    }

    /// The proxy has connected to the target: what follows goes on behind `handler` as it would without a proxy.
    func tunnelled(on channel: any Channel, after handler: TunnelHandler) {
        guard !self.isOver else { return }
        do {
            try channel.pipeline.syncOperations.addHandlers(self.targetHandlers(), position: .after(handler))
            try self.startUpgrade(on: channel)
        } catch {
            self.fail(
                TLSFailure.isTLS(error)
                    ? .tls(TLSFailure.describe(error)) : .connection(TransportFailure.describe(error))
            )
        }
    }

    // MARK: The target

    /// What talks to the target, in the order of the pipeline.
    private func targetHandlers() throws -> [any ChannelHandler] {
        let request = UpgradeRequest(
            target: self.target,
            compression: self.configuration.compression,
            key: NIOWebSocketClientUpgrader.randomRequestKey()
        )
        let upgrade = UpgradeHandler(request: request, isSecure: self.tlsContext != nil)
        guard let tlsContext = self.tlsContext else { return [upgrade] }
        let serverName = self.configuration.tls.serverName ?? self.target.host
        // An address cannot be asked for by SNI; it is then looked for in the certificate.
        let isAddress = (try? SocketAddress(ipAddress: serverName, port: 0)) != nil
        return [try NIOSSLClientHandler(context: tlsContext, serverHostname: isAddress ? nil : serverName), upgrade]
    }

    private func startUpgrade(on channel: any Channel) throws {
        if self.tlsContext != nil { self.enter(.tls) }
        try channel.pipeline.syncOperations.handler(type: UpgradeHandler.self).start(for: self)
    }

    // MARK: Failures

    private func connectionFailure(_ reason: String) -> WebSocketConnectError {
        self.tunnel.map { $0.failure("cannot be reached: \(reason)") } ?? .connection(reason)
    }

    private func describe(_ error: any Error) -> WebSocketConnectError {
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first(where: { TLSFailure.isTLS($0.error) }) {
                return .tls(TLSFailure.describe(failure.error))
            }
            let failures = error.connectionErrors.map { TransportFailure.describe($0.error) }
            if failures.isEmpty, let dnsError = error.dnsAError ?? error.dnsAAAAError {
                return .resolution("\(error.host): \(TransportFailure.describe(dnsError))")
            }
            if failures.allSatisfy({ $0 == "timed out" }) { return .timedOut(self.stage) }
            return self.connectionFailure(failures.joined(separator: "; "))
        case ChannelError.connectTimeout:
            return .timedOut(self.stage)
        case let error as NIOSSLExtraError:
            return .tls(TLSFailure.describe(error))
        default:
            return self.connectionFailure(TransportFailure.describe(error))
        }
    }

    private func deadlinePassed() {
        let handler = try? self.channel?.pipeline.syncOperations.handler(type: UpgradeHandler.self)
        if let rejection = handler?.interrupt() {
            self.fail(.rejected(rejection))
        } else {
            self.fail(.timedOut(self.stage))
        }
    }

    /// Closes the socket itself, without a TLS shutdown that a broken peer would not answer.
    private static func drop(_ channel: any Channel) {
        let pipeline = channel.pipeline.syncOperations
        if let tls = try? pipeline.context(handlerType: NIOSSLClientHandler.self) {
            tls.close(mode: .all, promise: nil)
        } else {
            channel.close(promise: nil)
        }
    }
}
