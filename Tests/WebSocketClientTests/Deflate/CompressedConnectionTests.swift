import NIOCore
import Testing

@testable import WebSocketClient

@Suite("A compressed connection", .timeLimit(.minutes(2)))
struct CompressedConnectionTests {
    /// Chooses `extensions`, and then writes `bytes` with the answer.
    private static func answer(_ peer: RawPeer, _ extensions: String, _ bytes: [UInt8]) async throws -> String {
        let request = try await peer.readRequest()
        let answer = RawPeer.switchingProtocols(request)
            .replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Extensions: \(extensions)\r\n\r\n")
        try await peer.write(Array(answer.utf8) + bytes)
        return request
    }

    @Test("what was offered and accepted is used, in the same read as the answer (S2.9)")
    func accepted() async throws {
        let (requests, seen) = AsyncStream.makeStream(of: (String, ClientFrame?).self)
        let frames = [
            ServerFrame(opcode: 1, payload: DeflateVectors.batch0, reserved: 4),
            ServerFrame(opcode: 1, payload: DeflateVectors.batch1, reserved: 4),
        ]
        try await RawServer.run { peer in
            let request = try await Self.answer(peer, "permessage-deflate; server_max_window_bits=15", frames.bytes)
            seen.yield((request, try await peer.readFrame()))
            try await peer.write([.close(1000)])
            try await peer.readToEnd()
        } while: { server in
            let connection = try await server.connect { $0.compression = .permessageDeflate() }
            #expect(connection.isDeflateAgreed)
            for number in 0..<2 {
                let payload = ByteBuffer(string: DeflateVectors.batch(number))
                #expect(try await connection.next() == .message(WebSocketMessage(kind: .text, payload: payload)))
            }
            // What we send is not compressed.
            try await connection.send(text: "hello")
            let (request, frame) = try #require(await requests.first { _ in true })
            #expect(
                RawPeer.header("Sec-WebSocket-Extensions", in: request)
                    == "permessage-deflate; client_no_context_takeover"
            )
            #expect(frame?.reserved == 0 && frame?.payload == Array("hello".utf8))
            #expect(try await connection.drain().close == .peerClosed(code: 1000, reason: ""))
        }
    }

    @Test("a server that declines is talked to without compression (S2.9)")
    func declined() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade(followedBy: ServerFrame(opcode: 1, payload: [0x00], reserved: 4).bytes)
            _ = try await peer.readFramesToClose()
        } while: { server in
            let connection = try await server.connect { $0.compression = .permessageDeflate() }
            #expect(!connection.isDeflateAgreed)
            let (events, close) = try await connection.drain()
            #expect(events.isEmpty)
            let reason = "a reserved bit is set, and no extension that uses it was agreed"
            #expect(close == .protocolError(code: 1002, description: reason))
        }
    }

    @Test("a server that chooses what was not offered is refused (S2.9)")
    func refused() async throws {
        try await RawServer.run { peer in
            _ = try await Self.answer(peer, "permessage-deflate", [])
            try await peer.readToEnd()
        } while: { server in
            let reason =
                "the server's answer to the offer of permessage-deflate lacks server_no_context_takeover, "
                + "which was asked for"
            await #expect(throws: WebSocketConnectError.badUpgrade(reason)) {
                try await server.connect { $0.compression = .permessageDeflate(serverContextTakeover: false) }
            }
        }
    }

    @Test("a bomb closes the connection with 1009, corrupt data with 1007 (S2.7)")
    func closes() async throws {
        let flushed = [[UInt8]](repeating: DeflateVectors.mebibyte, count: 3).joined(separator: DeflateVectors.flush)
        for (payload, code) in [(Array(flushed), UInt16(1009)), ([0x07], 1007)] {
            let (codes, seen) = AsyncStream.makeStream(of: UInt16?.self)
            try await RawServer.run { peer in
                let frame = ServerFrame(opcode: 1, payload: payload, reserved: 4)
                _ = try await Self.answer(peer, "permessage-deflate", frame.bytes)
                seen.yield(try await peer.readFramesToClose().last?.closeCode)
            } while: { server in
                let connection = try await server.connect { configuration in
                    configuration.compression = .permessageDeflate()
                    configuration.maxMessageBytes = 1 << 20
                }
                let (events, close) = try await connection.drain()
                #expect(events.isEmpty)
                guard case .protocolError(code, _) = close else {
                    Issue.record("\(close)")
                    return
                }
                #expect(await codes.first { _ in true } == code)
            }
        }
    }
}
