import Foundation
import Hummingbird
import HummingbirdCore
import Locking
public import Logging
import NIOCore

/// The HTTP server for operators and orchestrators.
///
/// Receives: requests for `GET /health/live`, `GET /health/ready`, `GET /status` and `GET /metrics`. Hands to: the closure that knows the health.
/// Holds at most: `maximumConnections` connections, each cut after `idleTimeoutSeconds`.
public struct AdminServer: Sendable {
    /// Connections at a time; further ones wait in the kernel.
    public static let maximumConnections = 64
    /// Seconds after which a connection without a request is closed.
    public static let idleTimeoutSeconds: Int64 = 30

    private let host: String
    private let port: Int
    private let logger: Logger
    private let health: @Sendable () async -> HealthReport

    /// A server on `host` and `port` (0: the kernel chooses) that asks `health` anew for each request.
    public init(host: String, port: Int, logger: Logger, health: @escaping @Sendable () async -> HealthReport) {
        self.host = host
        self.port = port
        self.logger = logger
        self.health = health
    }

    /// Serves until the task is cancelled or shut down gracefully, then returns. `onListening` is told the port once the server
    /// answers.
    public func run(
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws(AdminServerError) {
        let isListening = Locked(false)
        let application = Application(
            router: self.router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleTimeoutSeconds))),
            configuration: ApplicationConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections)
            ),
            onServerRunning: { channel in
                isListening.withLock { $0 = true }
                await onListening(channel.localAddress?.port ?? self.port)
            },
            logger: Logger(label: self.logger.label, factory: { [logger] _ in QuietStopLogHandler(logger) })
        )
        do {
            try await application.run()
        } catch {
            // The end of a cancelled server is no failure, however the library calls it.
            guard !Task.isCancelled else { return }
            let reason = isListening.withLock { $0 } ? "stopped: \(error)" : "\(error)"
            throw AdminServerError(address: self.address, reason: reason)
        }
    }

    private var address: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        let health = self.health
        router.get("/health/live") { _, _ in
            Self.response(.ok, type: "text/plain; charset=utf-8", Array("live\n".utf8))
        }
        router.get("/health/ready") { _, _ in
            let report = await health()
            return Self.response(
                report.ready ? .ok : .serviceUnavailable,
                type: "text/plain; charset=utf-8",
                Array("\(report.summary)\n".utf8)
            )
        }
        router.get("/status") { _, _ in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "infinity",
                negativeInfinity: "-infinity",
                nan: "nan"
            )
            return Self.response(.ok, type: "application/json", Array(try encoder.encode(await health())))
        }
        router.get("/metrics") { _, _ in
            Self.response(.ok, type: MetricsPage.contentType, Array(MetricsPage.text(of: await health()).utf8))
        }
        return router
    }

    private static func response(_ status: HTTPResponse.Status, type: String, _ body: [UInt8]) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
