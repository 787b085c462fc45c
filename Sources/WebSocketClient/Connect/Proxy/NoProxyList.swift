/// What is connected to without a proxy, as the variable `NO_PROXY` says it.
///
/// | Entry | Matches |
/// |---|---|
/// | `*` | everything |
/// | `example.com`, `.example.com`, `*.example.com` | `example.com` and every name below it |
/// | `192.0.2.7`, `2001:db8::7`, `[2001:db8::7]` | this address, however it is written |
/// | `192.0.2.0/24`, `2001:db8::/32` | the addresses of this block |
///
/// Each may end with `:port`, and then matches this port only; an IPv6 address or block needs brackets for it:
/// `[2001:db8::/32]:443`. Case does not matter. A name is compared as a name: it is not resolved, so an address entry
/// does not match a name that has this address.
public struct NoProxyList: Equatable, Sendable {
    /// An entry that cannot be read.
    public struct Malformed: Error, Equatable, Sendable, CustomStringConvertible {
        /// Which entry, counted from 0.
        public var index: Int
        /// What is wrong with it, as the end of a sentence: "has a port that is not a number".
        public var problem: String

        /// One line for a log.
        public var description: String { "entry \(self.index + 1) \(self.problem)" }
    }

    private enum Pattern: Equatable {
        case everything
        /// In lower case, without dots at its ends.
        case domain(String)
        /// A single address is a block with all its bits.
        case block(IPAddress, prefixBits: Int)
    }

    private struct Entry: Equatable {
        var pattern: Pattern
        var port: Int?
    }

    private let entries: [Entry]

    /// Matches nothing.
    public init() {
        self.entries = []
    }

    /// Reads one entry each. White space around an entry, and empty entries, do not count.
    public init(_ texts: [String]) throws(Malformed) {
        var entries: [Entry] = []
        for (index, text) in texts.enumerated() {
            let trimmed = HTTPGrammar.trimmed(text[...])
            guard !trimmed.isEmpty else { continue }
            do throws(Problem) {
                entries.append(try Self.entry(trimmed.lowercased()[...]))
            } catch {
                throw Malformed(index: index, problem: error.text)
            }
        }
        self.entries = entries
    }

    /// Whether `host`, a name or an IP address without brackets, is connected to without the proxy on this port.
    public func matches(host: String, port: Int) -> Bool {
        let address = IPAddress(host[...])
        let name = Self.withoutLastDot(host.lowercased()[...])
        return self.entries.contains { entry in
            guard entry.port == nil || entry.port == port else { return false }
            switch entry.pattern {
            case .everything: return true
            case .domain(let domain): return address == nil && (name == domain || name.hasSuffix("." + domain))
            case .block(let block, let prefixBits): return address?.isInBlock(of: block, prefixBits: prefixBits) == true
            }
        }
    }

    // MARK: Reading an entry

    private struct Problem: Error {
        var text: String
    }

    private static func entry(_ text: Substring) throws(Problem) -> Entry {
        guard !text.hasPrefix("[") else { return try self.bracketed(text) }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard colons == 1, let colon = text.firstIndex(of: ":") else {
            return Entry(pattern: try self.pattern(text), port: nil)
        }
        return Entry(
            pattern: try self.pattern(text[..<colon]),
            port: try self.port(text[text.index(after: colon)...])
        )
    }

    /// `[address]`, `[address/bits]`, `[address]/bits`, each with or without a port.
    private static func bracketed(_ text: Substring) throws(Problem) -> Entry {
        guard let bracket = text.firstIndex(of: "]") else {
            throw Problem(text: "has a bracket without its partner")
        }
        var inside = String(text[text.index(after: text.startIndex)..<bracket])
        var rest = text[text.index(after: bracket)...]
        if rest.hasPrefix("/") {
            let bits = rest.prefix { $0 != ":" }
            inside += bits
            rest = rest[bits.endIndex...]
        }
        guard rest.isEmpty || rest.hasPrefix(":") else {
            throw Problem(text: "has something behind the bracket that is no port")
        }
        let pattern = try self.pattern(inside[...])
        guard case .block = pattern else { throw Problem(text: "has brackets around something that is no address") }
        return Entry(pattern: pattern, port: rest.isEmpty ? nil : try self.port(rest.dropFirst()))
    }

    private static func pattern(_ text: Substring) throws(Problem) -> Pattern {
        if text == "*" { return .everything }
        if let address = IPAddress(text) { return .block(address, prefixBits: address.bitCount) }
        if let slash = text.firstIndex(of: "/") {
            guard let address = IPAddress(text[..<slash]) else {
                throw Problem(text: "has a slash behind something that is no IP address")
            }
            let digits = text[text.index(after: slash)...]
            guard let bits = self.number(digits), bits <= address.writtenBitCount else {
                throw Problem(text: "has a block size that is not a number from 0 to \(address.writtenBitCount)")
            }
            let prefixBits = bits - (address.writtenBitCount - address.bitCount)
            guard prefixBits >= 0 else { throw Problem(text: "is a block that mixes IPv4 and IPv6 addresses") }
            return .block(address, prefixBits: prefixBits)
        }
        var domain = text
        if domain.hasPrefix("*.") {
            domain = domain.dropFirst(2)
        } else if domain.hasPrefix(".") {
            domain = domain.dropFirst()
        }
        domain = self.withoutLastDot(domain)
        let isName = domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.utf8.allSatisfy { HTTPGrammar.isHostByte($0) && !"*:".utf8.contains($0) }
        }
        guard isName else { throw Problem(text: "is neither a domain nor an IP address, a block of them, or *") }
        return .domain(String(domain))
    }

    private static func port(_ text: Substring) throws(Problem) -> Int {
        guard let port = self.number(text), (1...65535).contains(port) else {
            throw Problem(text: "has a port that is not a number from 1 to 65535")
        }
        return port
    }

    /// Digits only: `Int` alone would take a sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    /// The dot that marks a name as complete.
    private static func withoutLastDot(_ text: Substring) -> Substring {
        text.hasSuffix(".") ? text.dropLast() : text
    }
}
