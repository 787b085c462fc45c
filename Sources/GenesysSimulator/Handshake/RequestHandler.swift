import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers the requests of one HTTP connection, until it is upgraded.
///
/// Receives request parts. Hands requests to the endpoints, accepted upgrades to ``StreamHandler`` or ``ChannelSocket``.
/// Holds at most one request's body of ``bodyByteCountMax(of:)``.
final class RequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// A thousand topics do not fit into the smaller one.
    static func bodyByteCountMax(of path: String) -> Int {
        path.hasPrefix(ChannelRoute.pathPrefix) ? 1 << 20 : 1 << 16
    }

    private let cloud: SimulatedCloud
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var bodyIsTooLarge = false
    /// What was decided on the connection's upgrade request; a rejection is sent when the request comes by here.
    private var rejection: HTTPReply?
    private var accepted: Result<StreamGrant, UpgradeRefusal>?
    private var acceptedChannel: ChannelGrant?
    private var delayed: Scheduled<Void>?

    init(cloud: SimulatedCloud) {
        self.cloud = cloud
    }

    /// Decides on an upgrade. True when it succeeds: then there is a stream to make.
    ///
    /// - Parameter address: the client's.
    func decideUpgrade(_ head: HTTPRequestHead, address: String) -> Bool {
        if self.cloud.configuration.channels.isServed, head.uri.hasPrefix(ChannelGate.pathPrefix), head.method == .GET {
            switch ChannelGate(cloud: self.cloud).decide(head, now: .now()) {
            case .success(let grant):
                self.acceptedChannel = grant
                return true
            case .failure(.reject(let reply)): self.rejection = reply
            case .failure(.close): break
            }
            return false
        }
        let decision = UpgradeGate(cloud: self.cloud, address: address).decide(head, now: .now())
        switch decision {
        case .success, .failure(.close):
            self.accepted = decision
            return true
        case .failure(.reject(let reply)):
            self.rejection = reply
            return false
        }
    }

    /// The stream that the upgrade succeeded for.
    func makeStream() -> (any ChannelHandler)? {
        if let acceptedChannel { return ChannelSocket(grant: acceptedChannel, cloud: self.cloud) }
        return switch self.accepted {
        case .success(let grant): StreamHandler(grant: grant, cloud: self.cloud, now: .now())
        case .failure(.close(let code, let reason)): RefusedStreamHandler(code: code, reason: reason)
        case .failure(.reject), nil: nil
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body.clear()
            self.bodyIsTooLarge = false
        case .body(var part):
            let limit = Self.bodyByteCountMax(of: self.head?.uri ?? "")
            self.bodyIsTooLarge = self.bodyIsTooLarge || self.body.readableBytes + part.readableBytes > limit
            if !self.bodyIsTooLarge { self.body.writeBuffer(&part) }
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            let reply = self.reply(head)
            self.rejection = nil
            self.send(reply, to: head, context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.delayed?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A refused upgrade comes as an error too: its request follows and is answered.
        if !(error is NIOWebSocketUpgradeError) { context.close(promise: nil) }
    }

    private func reply(_ head: HTTPRequestHead) -> HTTPReply {
        if let rejection { return rejection }
        guard !self.bodyIsTooLarge else {
            return .failure(.payloadTooLarge, code: "too.large", message: "The body is too large.")
        }
        let path = String(head.uri.prefix { $0 != "?" })
        guard self.isServed(path) else { return Self.nothingThere }
        let text = String(buffer: self.body)
        switch path {
        case TokenEndpoint.path:
            return TokenEndpoint(cloud: self.cloud).reply(head, body: text, now: .now())
        case UpgradeGate.path:
            if head.headers.contains(name: "Upgrade") {
                return .failure(.badRequest, code: "bad.request", message: "This is no WebSocket handshake.")
            }
            var reply = HTTPReply.failure(.upgradeRequired, code: "upgrade.required", message: "This is a WebSocket.")
            reply.headers["Upgrade"] = "websocket"
            return reply
        case _ where path.hasPrefix(ControlEndpoint.pathPrefix) && self.cloud.configuration.servesControlRoutes:
            return ControlEndpoint(cloud: self.cloud).reply(head, path: path, body: text, now: .now())
        case _:
            guard let route = RESTEndpoint.Route(path: path) else { return Self.nothingThere }
            return RESTEndpoint(cloud: self.cloud).reply(head, route: route, body: text, now: .now())
        }
    }

    private static let nothingThere = HTTPReply.failure(
        .notFound,
        code: "not.found",
        message: "There is nothing at this path."
    )

    /// Whether the dialect that the path belongs to is served.
    private func isServed(_ path: String) -> Bool {
        let configuration = self.cloud.configuration
        if path.hasPrefix(UpgradeGate.path) { return configuration.servesStream }
        return configuration.channels.isServed || ChannelRoute(path: path) == nil
    }

    private func send(_ reply: HTTPReply, to request: HTTPRequestHead, context: ChannelHandlerContext) {
        switch reply.delay {
        case .none: self.write(reply, to: request, context: context)
        case .milliseconds(let milliseconds):
            self.delayed = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                self.write(reply, to: request, context: context)
            }
        case .forever: break
        }
    }

    private func write(_ reply: HTTPReply, to request: HTTPRequestHead, context: ChannelHandlerContext) {
        let contextId = self.cloud.nextContextId()
        let body = ByteBuffer(string: reply.json(contextId: contextId))
        var headers = HTTPHeaders(reply.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(body.readableBytes))
        headers.add(name: "ININ-Correlation-Id", value: contextId)
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD { context.write(self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let end = context.writeAndFlush(self.wrapOutboundOut(.end(nil)))
        if !request.isKeepAlive {
            end.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }
}
