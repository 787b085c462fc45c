import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import GenesysSimulator

@Suite("An intermediary that resets idle connections", .timeLimit(.minutes(2)))
struct IdleTimeoutProxyTests {
    typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static let group = MultiThreadedEventLoopGroup.singleton

    private static func connect(_ port: Int) async throws -> Stream {
        try await ClientBootstrap(group: Self.group).connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: channel) }
        }
    }

    /// A server that sends back what it gets; its connections end with the `Bool` that says whether by a reset.
    private static func withEcho(
        _ ends: AsyncStream<Bool>.Continuation,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let bootstrap = ServerBootstrap(group: Self.group).childChannelOption(.autoRead, value: false)
        let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeSucceededFuture(channel)
        }
        let port = try #require(listener.channel.localAddress?.port)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await listener.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { echoes in
                        for try await connection in connections {
                            echoes.addTask { ends.yield(await Self.echo(connection)) }
                        }
                    }
                }
            }
            try await body(port)
            tasks.cancelAll()
        }
    }

    private static func echo(_ channel: any Channel) async -> Bool {
        do {
            // Wrapped here and not when it was accepted: a stream that nobody takes over may not be let go.
            let stream = channel.eventLoop.submit { try Stream(wrappingChannelSynchronously: channel) }
            try await stream.get().executeThenClose { inbound, outbound in
                try await channel.setOption(.autoRead, value: true).get()
                for try await bytes in inbound { try await outbound.write(bytes) }
            }
            return false
        } catch {
            return true
        }
    }

    @Test("bytes go both ways, in any amount, and an end is passed on as an end (S6.2)")
    func passesOn() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        try await Self.withEcho(end) { port in
            let proxy = try await IdleTimeoutProxy.start(
                targetPort: port,
                idleTimeout: .seconds(60),
                eventLoopGroup: Self.group
            )
            let count = 3_000_000
            let bytes = ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            try await Self.connect(proxy.port).executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await outbound.write(bytes) }
                    var received = ByteBuffer()
                    for try await var piece in inbound {
                        received.writeBuffer(&piece)
                        if received.readableBytes == count { break }
                    }
                    #expect(received == bytes)
                    try await tasks.waitForAll()
                }
            }
            #expect(await ends.first { _ in true } == false)
            #expect(await proxy.resetCount == 0)
            await proxy.stop()
        }
    }

    @Test("a connection that was idle for the time is reset on both sides, and counted (S6.2)")
    func resets() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        try await Self.withEcho(end) { port in
            var areReset = [false, false]
            // On a busy machine a short time may pass before a side has begun to read, and only who reads is told.
            for seconds in [0.1, 2, 20] where areReset != [true, true] {
                let proxy = try await IdleTimeoutProxy.start(
                    targetPort: port,
                    idleTimeout: .seconds(seconds),
                    eventLoopGroup: Self.group
                )
                areReset = [await Self.readToReset(proxy.port), await ends.first { _ in true } == true]
                #expect(await proxy.resetCount == 1)
                await proxy.stop()
            }
            #expect(areReset == [true, true])
        }
    }

    /// Whether the connection ends with a reset: reading to an orderly end throws nothing.
    private static func readToReset(_ port: Int) async -> Bool {
        do {
            try await Self.connect(port).executeThenClose { inbound, _ in
                for try await _ in inbound { Issue.record("bytes from nowhere") }
            }
            return false
        } catch {
            return true
        }
    }

    @Test("bytes in either direction keep a connection alive, and only they do (S6.2)")
    func staysAlive() throws {
        let loop = EmbeddedEventLoop()
        let connections = ProxiedConnections(eventLoop: loop, idleTimeout: .seconds(60))
        let sides = try (0..<2).map { _ in
            let channel = EmbeddedChannel(loop: loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            return channel
        }
        try connections.join(sides[0], sides[1])
        for turn in 0..<10 {
            loop.advanceTime(by: .seconds(59))
            let bytes = ByteBuffer(string: "\(turn)")
            try sides[turn % 2].writeInbound(bytes)
            #expect(try sides[1 - turn % 2].readOutbound(as: ByteBuffer.self) == bytes)
        }
        loop.advanceTime(by: .seconds(59))
        #expect(connections.resetCount == 0)
        #expect(sides.map(\.isActive) == [true, true])
        loop.advanceTime(by: .seconds(1))
        #expect(connections.resetCount == 1)
        #expect(sides.map(\.isActive) == [false, false])
        loop.advanceTime(by: .seconds(600))
        #expect(connections.resetCount == 1)
    }

    @Test("a client whose target is not there is let go, and stopping resets what is left (S6.2)")
    func ends() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        try await Self.withEcho(end) { port in
            let proxy = try await IdleTimeoutProxy.start(
                targetPort: port,
                idleTimeout: .seconds(60),
                eventLoopGroup: Self.group
            )
            let lost = try await IdleTimeoutProxy.start(
                targetPort: 1,
                idleTimeout: .seconds(60),
                eventLoopGroup: Self.group
            )
            try? await Self.connect(lost.port).executeThenClose { inbound, _ in
                for try await _ in inbound { Issue.record("bytes from nowhere") }
            }
            await lost.stop()
            try? await Self.connect(proxy.port).executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "hello"))
                for try await _ in inbound { await proxy.stop() }
            }
            #expect(await ends.first { _ in true } != nil)
            #expect(await proxy.resetCount == 0)
        }
    }
}
