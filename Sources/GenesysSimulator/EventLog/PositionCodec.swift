/// The resume positions of a tenant: opaque text for the client, the next sequence number for the server.
struct PositionCodec {
    private let tenant: String
    private let hash: SeededHash
    private let awkward: Bool

    /// - Parameter awkward: the text holds everything that must be escaped in JSON or encoded in a URL: a quotation mark, a
    ///   backslash, a tab, reserved and non-ASCII characters, one of them outside the basic plane, and a `%2B` that a
    ///   client which decodes twice turns into something else.
    init(tenant: String, hash: SeededHash, awkward: Bool) {
        self.tenant = tenant
        self.hash = hash
        self.awkward = awkward
    }

    /// The position of a client that has everything before event `next`.
    func position(next: Int) -> String {
        let check = String(self.hash(~next) & 0xFFFF, radix: 16)
        let plain = "\(self.tenant).\(next).\(check)"
        return self.awkward ? "\"é/+=&%2B\\ \t😀." + plain : plain
    }

    /// The next sequence number, or nil if this codec never wrote `position`.
    func next(from position: String) -> Int? {
        let parts = position.unicodeScalars.split(separator: ".")
        guard parts.count >= 3, let next = Int(String(parts[parts.count - 2])), next >= 0 else { return nil }
        // Compared as scalars: Swift's == would also take another normalisation form of the é for the same text.
        return self.position(next: next).unicodeScalars.elementsEqual(position.unicodeScalars) ? next : nil
    }
}
