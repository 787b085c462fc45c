import BridgeCore

/// Writes JSON texts again, with what rules mean taken out or hashed, and everything else byte for byte as it was.
///
/// One pass over the bytes, whatever the number of pointers: the nodes of the tree that the current value may lead to lie on a stack. Names
/// are compared decoded, and of a name that stands twice every one is meant. A value that is taken out or hashed hides whatever else is
/// meant inside of it. An empty string and `null` are not hashed: there is nothing in them.
struct JSONRedactor {
    private let tree: RedactionTree
    private let hash: ValueHash

    /// What was written.
    private(set) var output: [UInt8] = []
    /// Whether anything differs from what was read.
    private(set) var hasChanged = false

    /// The index behind the last byte of the current text that was written, or left out.
    private var copied = 0
    /// The nodes of every value that is open, the innermost last.
    private var nodes: [Int] = []
    /// A value on its way to its hash.
    private var value: [UInt8] = []

    init(_ tree: RedactionTree, _ hash: ValueHash) {
        self.tree = tree
        self.hash = hash
    }

    /// Makes room, once, for a text of `count` bytes with a little more.
    mutating func reserve(_ count: Int) {
        self.output.reserveCapacity(count + count / 8)
    }

    /// Forgets what was written.
    mutating func clear() {
        self.output.removeAll(keepingCapacity: true)
        self.hasChanged = false
    }

    /// Lets go of its memory where that is above `bytesMax`.
    mutating func shrink(above bytesMax: Int) {
        if self.output.capacity > bytesMax { self.output = [] }
        if self.value.capacity > bytesMax { self.value = [] }
    }

    /// Writes bytes as they are.
    mutating func copy(_ bytes: Span<UInt8>) throws(MessageDefect) {
        try JSONScanner.scanning(bytes) { (scanner) throws(MessageDefect) in
            scanner.append(0..<bytes.count, to: &self.output)
        }
    }

    /// Writes one JSON text, redacted by the trees with these roots. What throws must not be used, nor what was written.
    mutating func redact(_ text: Span<UInt8>, roots: [Int]) throws(MessageDefect) {
        self.copied = 0
        self.nodes.removeAll(keepingCapacity: true)
        self.nodes.append(contentsOf: roots)
        try JSONScanner.scanning(text) { (scanner) throws(MessageDefect) in
            scanner.skipSpace()
            try self.walk(&scanner, from: 0, depth: 0)
            try scanner.end()
            self.flush(scanner, to: text.count)
        }
    }

    // MARK: The way through the text

    /// Steps over a value of which the nodes from `first` on mean something.
    private mutating func walk(_ scanner: inout JSONScanner, from first: Int, depth: Int) throws(MessageDefect) {
        switch scanner.byte {
        case UInt8(ascii: "{"): try self.walkObject(&scanner, from: first, depth: depth)
        case UInt8(ascii: "["): try self.walkArray(&scanner, from: first, depth: depth)
        default: try scanner.skipValue(depth: depth)
        }
    }

    private mutating func walkObject(
        _ scanner: inout JSONScanner,
        from first: Int,
        depth: Int
    ) throws(MessageDefect) {
        guard try scanner.openContainer(closedBy: UInt8(ascii: "}"), depth: depth + 1) else { return }
        let above = first..<self.nodes.count
        // Each member but the first one that is kept takes the comma in front of it along.
        var lastEnd = scanner.index
        var isFirst = true
        var isAnyKept = false
        repeat {
            let start = scanner.index
            let name = try scanner.name()
            let action = self.tree.step(above, into: &self.nodes) { scanner.isEqual(name, $0.name) }
            if action == .drop {
                try scanner.skipValue(depth: depth + 1)
                self.leaveOut(lastEnd..<scanner.index, scanner)
            } else {
                if !isAnyKept, !isFirst { self.leaveOut(lastEnd..<start, scanner) }
                isAnyKept = true
                try self.keep(action, &scanner, from: above.upperBound, depth: depth + 1)
            }
            self.nodes.removeLast(self.nodes.count - above.upperBound)
            lastEnd = scanner.index
            isFirst = false
        } while try scanner.nextElement(closedBy: UInt8(ascii: "}"))
    }

    private mutating func walkArray(
        _ scanner: inout JSONScanner,
        from first: Int,
        depth: Int
    ) throws(MessageDefect) {
        guard try scanner.openContainer(closedBy: UInt8(ascii: "]"), depth: depth + 1) else { return }
        let above = first..<self.nodes.count
        var index = 0
        repeat {
            let place = index
            let action = self.tree.step(above, into: &self.nodes) { $0.index == place }
            if action == .drop {
                let start = scanner.index
                try scanner.skipValue(depth: depth + 1)
                self.leaveOut(start..<scanner.index, scanner)
                // Those behind it keep their places.
                self.output.append(contentsOf: "null".utf8)
            } else {
                try self.keep(action, &scanner, from: above.upperBound, depth: depth + 1)
            }
            self.nodes.removeLast(self.nodes.count - above.upperBound)
            index += 1
        } while try scanner.nextElement(closedBy: UInt8(ascii: "]"))
    }

    /// Steps over a value that stays, or whose hash takes its place.
    private mutating func keep(
        _ action: RedactionAction?,
        _ scanner: inout JSONScanner,
        from first: Int,
        depth: Int
    ) throws(MessageDefect) {
        switch action {
        case .hash: try self.writeHash(&scanner, depth: depth)
        case .hashTopicIDs: try self.writeTopic(&scanner, depth: depth)
        case .drop, nil:
            guard self.nodes.count > first else { return try scanner.skipValue(depth: depth) }
            try self.walk(&scanner, from: first, depth: depth)
        }
    }

    // MARK: Writing

    /// Writes what was read up to `end` and is not written yet.
    private mutating func flush(_ scanner: JSONScanner, to end: Int) {
        if self.copied < end { scanner.append(self.copied..<end, to: &self.output) }
        self.copied = max(self.copied, end)
    }

    private mutating func leaveOut(_ range: Range<Int>, _ scanner: JSONScanner) {
        self.flush(scanner, to: range.lowerBound)
        self.copied = range.upperBound
        self.hasChanged = true
    }

    /// Of a string its content, decoded, is hashed; of anything else its bytes without the space between them.
    private mutating func writeHash(_ scanner: inout JSONScanner, depth: Int) throws(MessageDefect) {
        let start = scanner.index
        self.value.removeAll(keepingCapacity: true)
        if scanner.byte == UInt8(ascii: "\"") {
            let token = try scanner.string()
            guard token.count > 0 else { return }
            scanner.decode(token, into: &self.value)
        } else {
            try scanner.skipValue(depth: depth)
            guard scanner.byte(at: start) != UInt8(ascii: "n") else { return }
            scanner.appendCompact(start..<scanner.index, to: &self.value)
        }
        self.leaveOut(start..<scanner.index, scanner)
        self.output.append(UInt8(ascii: "\""))
        self.hash.append(of: self.value, to: &self.output)
        self.output.append(UInt8(ascii: "\""))
    }

    private mutating func writeTopic(_ scanner: inout JSONScanner, depth: Int) throws(MessageDefect) {
        guard scanner.byte == UInt8(ascii: "\"") else { return try self.writeHash(&scanner, depth: depth) }
        let start = scanner.index
        let token = try scanner.string()
        self.value.removeAll(keepingCapacity: true)
        scanner.decode(token, into: &self.value)
        guard let topic = TopicParser.standard.hashingIDs(of: self.value, self.hash) else { return }
        self.leaveOut(start..<scanner.index, scanner)
        self.output.append(contentsOf: JSONText.string(String(decoding: topic, as: UTF8.self)).utf8)
    }
}
