import NIOCore
import NIOPosix
import Synchronization

/// A TCP server on 127.0.0.1 whose every connection is played by a script.
enum RawServer {
    /// Runs `body` with the server's port while `script` plays every connection; all of them end with the call.
    static func with<Result: Sendable>(
        _ script: @escaping @Sendable (inout RawPeer) async throws -> Void,
        _ body: @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let (peers, accepted) = AsyncStream<RawPeer>.makeStream()
        let channels = ChannelList()
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channels.append(channel)
                let (bytes, received) = AsyncStream<[UInt8]>.makeStream()
                accepted.yield(RawPeer(channel, bytes))
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(received))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channels.append(server)
        defer { channels.closeAll() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { connections in
                    for await peer in peers {
                        connections.addTask {
                            var peer = peer
                            try? await script(&peer)
                            peer.end()
                        }
                    }
                }
            }
            let result = try await body(server.localAddress!.port!)
            group.cancelAll()
            return result
        }
    }

    /// What has to be closed in the end.
    private final class ChannelList: Sendable {
        private let channels = Mutex<[any Channel]>([])

        func append(_ channel: any Channel) {
            self.channels.withLock { $0.append(channel) }
        }

        func closeAll() {
            for channel in self.channels.withLock({ $0 }) { channel.close(promise: nil) }
        }
    }

    /// Passes on what arrives.
    private final class ByteCollector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: AsyncStream<[UInt8]>.Continuation

        init(_ received: AsyncStream<[UInt8]>.Continuation) {
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.received.yield(Array(Self.unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            self.received.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
