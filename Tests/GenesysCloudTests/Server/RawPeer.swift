import NIOCore

/// The server's end of one connection, as a script sees it: bytes, HTTP requests and WebSocket frames.
struct RawPeer {
    struct Ended: Error {}

    private let channel: any Channel
    private let bytes: AsyncStream<[UInt8]>
    private var received: [UInt8] = []
    /// Whether compression was agreed.
    private(set) var isCompressed = false

    init(_ channel: any Channel, _ bytes: AsyncStream<[UInt8]>) {
        self.channel = channel
        self.bytes = bytes
    }

    /// Closes the connection.
    func end() {
        self.channel.close(promise: nil)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func send(_ text: String) async throws {
        try await self.send(Array(text.utf8))
    }

    /// Waits until the client is gone.
    mutating func waitForEnd() async throws {
        for await _ in self.bytes {}
        try Task.checkCancellation()
    }

    /// A request's head and body; the body as long as `content-length` says.
    mutating func request() async throws -> (head: String, body: String) {
        let marker = Array("\r\n\r\n".utf8)
        var found = self.received.firstRange(of: marker)
        while found == nil {
            try await self.receive()
            found = self.received.firstRange(of: marker)
        }
        let head = String(decoding: self.received[..<found!.lowerBound], as: UTF8.self)
        self.received.removeFirst(found!.upperBound)
        let length = Self.header("content-length", in: head).flatMap { Int($0) } ?? 0
        return (head, String(decoding: try await self.take(length), as: UTF8.self))
    }

    /// Answers a request and closes.
    func answer(status: Int, headers: [String] = [], body: String) async throws {
        let lines = ["HTTP/1.1 \(status) X", "content-length: \(body.utf8.count)", "connection: close"] + headers
        try await self.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Reads an upgrade request, answers 101 and returns the request's target.
    /// Where the client offers compression, `compresses` takes it.
    mutating func upgrade(compresses: Bool = false) async throws -> String {
        let head = try await self.request().head
        let isOffered = Self.header("sec-websocket-extensions", in: head)?.contains("permessage-deflate") == true
        let extensions = compresses && isOffered ? "sec-websocket-extensions: permessage-deflate\r\n" : ""
        self.isCompressed = !extensions.isEmpty
        guard let key = Self.header("sec-websocket-key", in: head) else { throw Ended() }
        let accept = Base64.encode(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
        try await self.send(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                + "sec-websocket-accept: \(accept)\r\n\(extensions)\r\n"
        )
        return String(head.split(separator: " ")[1])
    }

    /// Sends one frame.
    func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isCompressed: Bool = false) async throws {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode]
        if payload.count < 126 {
            bytes.append(UInt8(payload.count))
        } else {
            let width = payload.count < 65_536 ? 2 : 8
            bytes.append(width == 2 ? 126 : 127)
            bytes += (0..<width).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        try await self.send(bytes + payload)
    }

    func text(_ text: String) async throws {
        try await self.frame(1, Array(text.utf8))
    }

    func close(_ code: UInt16, _ reason: String) async throws {
        try await self.frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    /// The next frame that the client sends, unmasked. Control frames and short messages only.
    mutating func nextFrame() async throws -> (opcode: UInt8, payload: [UInt8]) {
        let head = try await self.take(2)
        let mask = try await self.take(4)
        let masked = try await self.take(Int(head[1] & 0x7F))
        return (head[0] & 0x0F, masked.enumerated().map { $1 ^ mask[$0 % 4] })
    }

    /// The code and reason of the close frame that the client sends, whatever comes before it.
    mutating func clientClose() async throws -> (code: UInt16, reason: String) {
        while true {
            let (opcode, payload) = try await self.nextFrame()
            guard opcode == 8, payload.count >= 2 else { continue }
            let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
            return (code, String(decoding: payload.dropFirst(2), as: UTF8.self))
        }
    }

    static func header(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ": ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name { return String(parts[1]) }
        }
        return nil
    }

    private mutating func take(_ count: Int) async throws -> [UInt8] {
        while self.received.count < count { try await self.receive() }
        defer { self.received.removeFirst(count) }
        return Array(self.received.prefix(count))
    }

    private mutating func receive() async throws {
        var iterator = self.bytes.makeAsyncIterator()
        guard let bytes = await iterator.next() else { throw Ended() }
        self.received += bytes
    }
}
