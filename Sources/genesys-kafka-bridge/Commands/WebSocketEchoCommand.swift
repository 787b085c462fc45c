import ArgumentParser
import NIOPosix
import WebSocketClient

/// `websocket-echo URL`: lets any conformance suite drive the WebSocket client.
struct WebSocketEchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "websocket-echo",
        abstract: "Connect to a WebSocket server and echo every message until it closes.",
        shouldDisplay: false
    )

    @Argument(help: "A ws:// or wss:// address.")
    var url: String

    @Option(help: "A PEM file of certificate authorities to trust besides the system's.")
    var extraCertificateAuthorities: String?

    @Flag(help: "Let the server compress its messages (RFC 7692).")
    var deflate = false

    func run() async throws {
        var configuration = WebSocketConfiguration()
        configuration.tls.additionalCAFile = self.extraCertificateAuthorities
        if self.deflate { configuration.compression = .permessageDeflate() }
        configuration.maxFrameBytes = 64 << 20
        configuration.maxMessageBytes = 64 << 20
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: configuration
        )
        do throws(WebSocketConnectError) {
            let connection = try await connector.connect(to: try WebSocketTarget(url: self.url))
            let end = await WebSocketEcho.run(connection: connection)
            StandardStream.error.write(line: ControlCharacters.escape("\(end)"))
        } catch {
            throw CommandFailure(.unavailable, ControlCharacters.escape("\(error)"))
        }
    }
}
