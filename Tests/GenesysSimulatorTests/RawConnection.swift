import NIOCore
import NIOPosix
import NIOSSL

/// A TCP or TLS connection on which the tests speak HTTP and WebSocket byte by byte, without any of the modules under test.
final class RawConnection {
    struct Response {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    struct Frame {
        var isFinal: Bool
        var opcode: UInt8
        var isMasked: Bool
        var payload: [UInt8]
    }

    struct Closed: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer = ByteBuffer()
    /// The lengths of the pings, pongs and fragments that came while a message was read.
    private(set) var pingCount = 0
    private(set) var pongs: [[UInt8]] = []
    private(set) var pings: [[UInt8]] = []

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    static func open<Result>(
        port: Int,
        tls: NIOSSLContext? = nil,
        serverName: String = "localhost",
        _ body: (RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_rcvbuf), value: 1 << 16)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: serverName)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { try await body(RawConnection($0, $1)) }
    }

    func send(_ text: String) async throws {
        try await self.outbound.write(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await self.outbound.write(ByteBuffer(bytes: bytes))
    }

    /// False at the orderly end of the connection; a reset is thrown as the `IOError` that it is.
    private func readMore() async throws -> Bool {
        guard var part = try await self.inbound.next() else { return false }
        self.buffer.discardReadBytes()
        self.buffer.writeBuffer(&part)
        return true
    }

    /// Whatever still comes before the end of the connection.
    func drain() async throws -> [UInt8] {
        while try await self.readMore() {}
        return self.buffer.readBytes(length: self.buffer.readableBytes) ?? []
    }

    // MARK: HTTP

    func request(
        _ method: String,
        _ target: String,
        headers: [String: String] = [:],
        body: String = ""
    ) async throws -> Response {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.utf8.count)\r\n" }
        try await self.send(head + "\r\n" + body)
        return try await self.response(hasBody: method != "HEAD")
    }

    private func response(hasBody: Bool) async throws -> Response {
        let end = Array("\r\n\r\n".utf8)
        while true {
            let bytes = Array(self.buffer.readableBytesView)
            if let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) {
                self.buffer.moveReaderIndex(forwardBy: head + 4)
                let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
                }
                let length = hasBody ? Int(headers["content-length"] ?? "0") ?? 0 : 0
                try await self.need(length)
                let body = self.buffer.readString(length: length) ?? ""
                return Response(status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: body)
            }
            guard try await self.readMore() else { throw Closed() }
        }
    }

    private func need(_ byteCount: Int) async throws {
        while self.buffer.readableBytes < byteCount {
            guard try await self.readMore() else { throw Closed() }
        }
    }

    /// The response to a WebSocket handshake; on 101 frames follow.
    func upgrade(_ target: String) async throws -> Response {
        try await self.request(
            "GET",
            target,
            headers: [
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ]
        )
    }

    // MARK: WebSocket

    /// The next frame; nil at the orderly end of the connection.
    func frame() async throws -> Frame? {
        while self.buffer.readableBytes < 2 {
            guard try await self.readMore() else { return nil }
        }
        let header = self.buffer.readInteger(as: UInt16.self)!
        var length = Int(header & 0x7F)
        if length == 126 {
            try await self.need(2)
            length = Int(self.buffer.readInteger(as: UInt16.self)!)
        } else if length == 127 {
            try await self.need(8)
            length = Int(self.buffer.readInteger(as: UInt64.self)!)
        }
        try await self.need(length)
        return Frame(
            isFinal: header & 0x8000 != 0,
            opcode: UInt8(header >> 8 & 0x0F),
            isMasked: header & 0x80 != 0,
            payload: self.buffer.readBytes(length: length)!
        )
    }

    /// The next text message, joined; pings are answered, pongs kept. Nil when a close frame or the end comes first.
    func message() async throws -> [UInt8]? {
        try await self.fragments()?.reduce([], +)
    }

    /// The fragments of the next text message.
    func fragments() async throws -> [[UInt8]]? {
        var fragments: [[UInt8]] = []
        while let frame = try await self.frame() {
            switch frame.opcode {
            case 0, 1:
                guard (frame.opcode == 1) == fragments.isEmpty else { throw Closed() }
                fragments.append(frame.payload)
                if frame.isFinal { return fragments }
            case 8:
                self.closePayload = frame.payload
                return nil
            case 9:
                self.pingCount += 1
                self.pings.append(frame.payload)
                try await self.sendFrame(opcode: 10, frame.payload)
            case 10: self.pongs.append(frame.payload)
            default: throw Closed()
            }
        }
        return nil
    }

    private(set) var closePayload: [UInt8]?

    var closeCode: Int? {
        self.closePayload.flatMap { $0.count >= 2 ? Int($0[0]) << 8 | Int($0[1]) : nil }
    }

    var closeReason: String? {
        self.closePayload.map { String(decoding: $0.dropFirst(2), as: UTF8.self) }
    }

    func sendFrame(opcode: UInt8, _ payload: [UInt8], isMasked: Bool = true, isFinal: Bool = true) async throws {
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode, (isMasked ? 0x80 : 0) | UInt8(payload.count)]
        if isMasked { bytes += mask }
        bytes += payload.enumerated().map { isMasked ? $1 ^ mask[$0 % 4] : $1 }
        try await self.send(bytes)
    }

    func sendClose(_ code: UInt16) async throws {
        try await self.sendFrame(opcode: 8, [UInt8(code >> 8), UInt8(code & 0xFF)])
    }
}
