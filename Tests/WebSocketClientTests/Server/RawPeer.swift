import Foundation
import NIOCore
import NIOSSL
import Testing

/// The server's side of one connection: bytes in, bytes out, nothing more.
final class RawPeer {
    typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    struct ConnectionEnded: Error {}

    let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received = ByteBuffer()

    init(
        channel: any Channel,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.iterator = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Suspends while the client does not read and the socket's buffers are full.
    func write(_ bytes: [UInt8]) async throws {
        try await self.outbound.write(ByteBuffer(bytes: bytes))
    }

    func write(_ text: String) async throws {
        try await self.write(Array(text.utf8))
    }

    func write(_ frames: [ServerFrame]) async throws {
        try await self.write(frames.bytes)
    }

    // MARK: The opening handshake

    /// The request's head, up to the empty line.
    func readRequest() async throws -> String {
        while true {
            if let end = String(buffer: self.received).range(of: "\r\n\r\n") {
                let head = String(String(buffer: self.received)[..<end.lowerBound])
                self.received.moveReaderIndex(forwardBy: head.utf8.count + 4)
                return head
            }
            guard try await self.readMore() else { throw ConnectionEnded() }
        }
    }

    static func header(_ name: String, in request: String) -> String? {
        request.components(separatedBy: "\r\n").lazy
            .compactMap { line -> String? in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
            .first
    }

    static func accept(for request: String) -> String {
        let key = self.header("Sec-WebSocket-Key", in: request) ?? ""
        return Data(SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))).base64EncodedString()
    }

    static func switchingProtocols(_ request: String) -> String {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(self.accept(for: request))\r\n\r\n"
    }

    /// Answers the upgrade, and writes `bytes` in the same write as the answer.
    @discardableResult
    func upgrade(followedBy bytes: [UInt8] = []) async throws -> String {
        let request = try await self.readRequest()
        try await self.write(Array(Self.switchingProtocols(request).utf8) + bytes)
        return request
    }

    // MARK: Frames

    /// The client's next frame; nil at the end of the stream.
    func readFrame() async throws -> ClientFrame? {
        while true {
            if let frame = self.parseFrame() { return frame }
            guard try await self.readMore() else { return nil }
        }
    }

    /// Everything up to and including the client's close frame.
    func readFramesToClose() async throws -> [ClientFrame] {
        var frames: [ClientFrame] = []
        while let frame = try await self.readFrame() {
            frames.append(frame)
            if frame.opcode == 8 { break }
        }
        return frames
    }

    /// What has come, or comes next; nil at the end of the stream.
    func readBytes() async throws -> ByteBuffer? {
        if self.received.readableBytes == 0 {
            guard try await self.readMore() else { return nil }
        }
        defer { self.received = ByteBuffer() }
        return self.received
    }

    /// Reads until the client ends the stream.
    func readToEnd() async throws {
        self.received.clear()
        while try await self.readMore() { self.received.clear() }
    }

    private func parseFrame() -> ClientFrame? {
        var input = self.received
        guard let first = input.readInteger(as: UInt8.self), let second = input.readInteger(as: UInt8.self) else {
            return nil
        }
        var length = Int(second & 0x7F)
        if length == 126 {
            guard let longer = input.readInteger(as: UInt16.self) else { return nil }
            length = Int(longer)
        } else if length == 127 {
            guard let longer = input.readInteger(as: UInt64.self) else { return nil }
            length = Int(longer)
        }
        var key: [UInt8]?
        if second & 0x80 != 0 {
            guard let bytes = input.readBytes(length: 4) else { return nil }
            key = bytes
        }
        guard var payload = input.readBytes(length: length) else { return nil }
        if let key {
            for index in payload.indices { payload[index] ^= key[index & 3] }
        }
        self.received = input
        return ClientFrame(
            isFinal: first & 0x80 != 0,
            reserved: first >> 4 & 7,
            opcode: first & 15,
            maskingKey: key,
            payload: payload
        )
    }

    private func readMore() async throws -> Bool {
        guard var more = try await self.iterator.next() else { return false }
        self.received.discardReadBytes()
        self.received.writeBuffer(&more)
        return true
    }

    // MARK: Ends

    /// Ends the connection with a TCP reset.
    func reset() async throws {
        let options = try #require(self.channel as? any SocketOptionProvider)
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await self.channel.close()
    }

    /// Closes the socket under TLS: no close notification.
    func truncateTLS() async throws {
        try await self.channel.pipeline.context(handlerType: NIOSSLServerHandler.self)
            .flatMap { $0.close(mode: .all) }.get()
    }
}
