public import Logging
public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// The upstream as a server: token endpoint, notification stream (the `stream` dialect) and public notification service
/// (the `channels` dialect), with faults on order.
///
/// Everything it holds lives on one event loop of the group that it is given.
public final class GenesysSimulator: Sendable {
    /// The longest frame that a client may send: it has nothing to say but control frames.
    private static let clientFrameByteCountMax = 1 << 16

    /// The address that is listened on.
    public let host: String
    /// The port that is listened on.
    public let port: Int
    /// Whether clients must use TLS.
    public let isSecure: Bool
    private let cloud: NIOLoopBound<SimulatedCloud>
    private let listener: any Channel

    private init(configuration: SimulatorConfiguration, cloud: NIOLoopBound<SimulatedCloud>, listener: any Channel) {
        self.host = configuration.host
        self.port = listener.localAddress?.port ?? configuration.port
        self.isSecure = configuration.tls != nil
        self.cloud = cloud
        self.listener = listener
    }

    /// Where REST requests go, without a path: `http://127.0.0.1:8080`. With TLS the name is `localhost`, which the
    /// generated certificate is for.
    public var baseURL: String { "\(self.isSecure ? "https" : "http")://\(self.authority)" }

    /// Where streams are, without a path: `ws://127.0.0.1:8080`.
    public var streamingBaseURL: String { "\(self.isSecure ? "wss" : "ws")://\(self.authority)" }

    private var authority: String { "\(self.isSecure ? "localhost" : self.host):\(self.port)" }

    /// Listens. Production begins at once, by the clock.
    ///
    /// - Throws: ``SimulatorError/invalidConfiguration(_:)``; errors of NIO when the address cannot be listened on; errors of
    ///   NIOSSL when the TLS files are not usable.
    public static func start(
        configuration: SimulatorConfiguration,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) async throws -> GenesysSimulator {
        try configuration.validate()
        let eventLoop = eventLoopGroup.next()
        let tls = try configuration.tls.map(Self.context)
        let cloud = try await eventLoop.submit {
            let cloud = SimulatedCloud(
                configuration: configuration,
                eventLoop: eventLoop,
                logger: logger,
                now: .now()
            )
            return NIOLoopBound(cloud, eventLoop: eventLoop)
        }.get()
        let bytes = configuration.writeBufferBytesMax
        let listener = try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: bytes / 2, high: bytes))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.prepare(channel, cloud: cloud.value, tls: tls) }
            }
            .bind(host: configuration.host, port: configuration.port).get()
        // Where there is none, timers begin the rounds.
        if let rounds = try? await DatagramBootstrap(group: eventLoop).bind(host: "127.0.0.1", port: 0).get() {
            try await eventLoop.submit {
                cloud.value.track(rounds)
                try cloud.value.rounds.use(rounds)
            }.get()
        }
        return GenesysSimulator(configuration: configuration, cloud: cloud, listener: listener)
    }

    private static func context(_ files: TLSFiles) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(files.certificatePath)
        let key = try NIOSSLPrivateKey(file: files.privateKeyPath, format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: tls)
    }

    private static func prepare(_ channel: any Channel, cloud: SimulatedCloud, tls: NIOSSLContext?) throws {
        cloud.track(channel)
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        let requests = RequestHandler(cloud: cloud)
        let bound = NIOLoopBound(requests, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: Self.clientFrameByteCountMax,
            automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                let address = channel.remoteAddress?.ipAddress ?? ""
                let isAccepted = bound.value.decideUpgrade(head, address: address)
                return channel.eventLoop.makeSucceededFuture(isAccepted ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let stream = bound.value.makeStream() else { return }
                    try channel.pipeline.syncOperations.addHandler(stream)
                }
            }
        )
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
                }
            )
        )
        try pipeline.addHandler(requests)
    }

    // MARK: Orders

    /// Makes something go wrong.
    ///
    /// - Parameter tenant: the name of the tenant; nil for all.
    /// - Returns: how many streams took the fault up, or in how many tenants it lies in wait for the next request.
    /// - Throws: ``SimulatorError/unknownTenant(_:)``; ``SimulatorError/unknownResource(_:)`` and ``SimulatorError/lastResource(_:)`` where
    ///   the fault names a resource.
    @discardableResult
    public func inject(_ fault: Fault, tenant: String? = nil) async throws -> Int {
        try await self.onLoop { try $0.inject(fault, tenant: tenant, now: .now()) }
    }

    /// Creates a resource: it makes events from now on, is in the lists and may be subscribed to. One that was deleted comes back as
    /// it was.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``, ``SimulatorError/resourceExists(_:)``,
    ///   ``SimulatorError/invalidConfiguration(_:)``.
    public func createResource(_ resource: SimulatedResource, tenant: String) async throws {
        try await self.onLoop { try $0.createResource(resource, tenant: tenant, now: .now()) }
    }

    /// Deletes a resource: it makes no events any more, and handshakes that name it fail (S5.1).
    ///
    /// - Parameter closingStreams: close those that are subscribed to it with 400; they go on without it otherwise.
    /// - Returns: how many streams were subscribed to it.
    /// - Throws: ``SimulatorError/unknownTenant(_:)``, ``SimulatorError/unknownResource(_:)``, ``SimulatorError/lastResource(_:)``.
    @discardableResult
    public func deleteResource(
        _ resourceId: String,
        tenant: String,
        closingStreams: Bool = false
    ) async throws -> Int {
        try await self.onLoop {
            try $0.deleteResource(resourceId, tenant: tenant, closingStreams: closingStreams, now: .now())
        }
    }

    /// Takes the scope for a resource from the client, or gives it back. The resource goes on making events.
    ///
    /// - Parameter closingStreams: close those that are subscribed to it with 400; they go on without it otherwise.
    /// - Returns: how many streams were subscribed to it.
    /// - Throws: ``SimulatorError/unknownTenant(_:)``, ``SimulatorError/unknownResource(_:)``.
    @discardableResult
    public func setForbidden(
        _ isForbidden: Bool,
        resource resourceId: String,
        tenant: String,
        closingStreams: Bool = false
    ) async throws -> Int {
        try await self.onLoop {
            try $0.setForbidden(
                isForbidden,
                resourceId,
                tenant: tenant,
                closingStreams: closingStreams,
                now: .now()
            )
        }
    }

    /// Makes the pre-flight answer in another way (S5.4).
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func setPreflight(_ mode: PreflightMode, tenant: String? = nil) async throws {
        try await self.onLoop { cloud in try cloud.tenants(named: tenant).forEach { $0.preflight = mode } }
    }

    /// Gives the scope `notification:read` to the tokens of a tenant, or takes it (S1.7). Open streams go on.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func setMayReadNotifications(_ mayRead: Bool, tenant: String? = nil) async throws {
        try await self.onLoop { cloud in try cloud.tenants(named: tenant).forEach { $0.mayReadNotifications = mayRead }
        }
    }

    /// The clients so far are gone, as killed processes are: who comes next cannot know that its address is blocked, and violates nothing
    /// (S3.4) before it is told.
    public func forgetClients() async throws {
        try await self.onLoop { $0.forgetClients() }
    }

    /// What is true now: the ground truth of an audit.
    public func snapshot() async throws -> SimulatorSnapshot {
        try await self.onLoop { $0.snapshot(now: .now()) }
    }

    /// Produces at another rate from now on, also after ``stopProducing(tenant:)``.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func setRate(_ rate: ProductionRate, tenant: String? = nil) async throws {
        try await self.onLoop { try $0.setRate(rate, tenant: tenant, now: .now()) }
    }

    /// Produces no further events. Those that exist are still sent, and replayed: an audit can drain them.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func stopProducing(tenant: String? = nil) async throws {
        try await self.onLoop { try $0.stopProducing(tenant: tenant, now: .now()) }
    }

    /// Stops listening, ends every connection and returns when all of them are closed.
    public func shutdown() async {
        try? await self.listener.close()
        let cloud = self.cloud
        try? await cloud.eventLoop.flatSubmit { cloud.value.shutDown() }.get()
    }

    func onLoop<Result: Sendable>(
        _ action: @escaping @Sendable (SimulatedCloud) throws -> Result
    ) async throws -> Result {
        let cloud = self.cloud
        return try await cloud.eventLoop.submit { try action(cloud.value) }.get()
    }
}
