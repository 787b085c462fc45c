/// Finds the ids in topic names by the platform's templates. Made once; parsing allocates nothing.
struct TopicParser: Sendable {
    /// What is known of a name.
    struct Parsed: Hashable {
        /// Which of `families`; nil: no template fits.
        var family: Int?
        /// The first id, as a range of the name.
        var entity: Range<Int>?
    }

    /// A place in the tree of templates.
    private struct Node {
        /// Parts that stand for themselves.
        var literals: [(text: [UInt8], node: Int)] = []
        /// Where an id leads.
        var id: Int?
        /// The family of the template that ends here.
        var family: Int?
    }

    /// The platform's topics.
    static let standard = TopicParser(TopicTemplates.all.split(separator: "\n").map(String.init))

    /// The families' names.
    private(set) var families: [[UInt8]] = []
    private var nodes = [Node()]

    /// A parser of `templates`.
    init(_ templates: [String]) {
        var known: [String: Int] = [:]
        for template in templates {
            let parts = template.split(separator: ".")
            let family = parts.dropFirst().filter { $0 != "{id}" }.joined(separator: ".")
            let index = known[family] ?? self.families.count
            if known.updateValue(index, forKey: family) == nil { self.families.append(Array(family.utf8)) }
            var node = 0
            for part in parts { node = self.child(of: node, Array(part.utf8)) }
            self.nodes[node].family = index
        }
    }

    private mutating func child(of node: Int, _ part: [UInt8]) -> Int {
        let isID = part.first == UInt8(ascii: "{")
        if isID, let next = self.nodes[node].id { return next }
        if !isID, let next = self.nodes[node].literals.first(where: { $0.text == part })?.node { return next }
        self.nodes.append(Node())
        let next = self.nodes.count - 1
        if isID { self.nodes[node].id = next } else { self.nodes[node].literals.append((part, next)) }
        return next
    }

    /// Takes a name apart.
    func parse(_ name: Span<UInt8>) -> Parsed {
        if let parsed = self.match(name, from: 0, node: 0, entity: nil) { return parsed }
        var entity: Range<Int>?
        var part = self.part(name, from: 0)
        while let range = part {
            if range.lowerBound > 0, Self.looksLikeID(name, range) {
                entity = range
                break
            }
            part = self.part(name, from: range.upperBound + 1)
        }
        return Parsed(family: nil, entity: entity)
    }

    /// The family's name.
    func family(_ parsed: Parsed, _ name: Span<UInt8>) -> [UInt8] {
        if let index = parsed.family { return self.families[index] }
        var family: [UInt8] = []
        var part = self.part(name, from: 0)
        while let range = part {
            let isVersion =
                range.lowerBound == 0 && range.count == 2 && name[0] == UInt8(ascii: "v")
                && name[1] == UInt8(ascii: "2")
            if !isVersion, range.lowerBound == 0 || !Self.looksLikeID(name, range) {
                if !family.isEmpty { family.append(UInt8(ascii: ".")) }
                for index in range { family.append(name[index]) }
            }
            part = self.part(name, from: range.upperBound + 1)
        }
        return family
    }

    /// All ids of a name, in order.
    func ids(_ name: Span<UInt8>) -> [Range<Int>] {
        if let ids = self.ids(name, from: 0, node: 0) { return ids }
        var ids: [Range<Int>] = []
        var part = self.part(name, from: 0)
        while let range = part {
            if range.lowerBound > 0, Self.looksLikeID(name, range) { ids.append(range) }
            part = self.part(name, from: range.upperBound + 1)
        }
        return ids
    }

    /// What stands between the dots, from `start` on; nil behind the last.
    private func part(_ name: Span<UInt8>, from start: Int) -> Range<Int>? {
        guard start < name.count else { return nil }
        var end = start
        while end < name.count, name[end] != UInt8(ascii: ".") { end += 1 }
        return start..<end
    }

    /// Literals before ids: `queues.{id}` is meant where both fit. At most as deep as a template has parts.
    private func match(_ name: Span<UInt8>, from start: Int, node: Int, entity: Range<Int>?) -> Parsed? {
        guard let part = self.part(name, from: start) else {
            return self.nodes[node].family.map { Parsed(family: $0, entity: entity) }
        }
        for literal in self.nodes[node].literals where Self.equals(name, part, literal.text) {
            if let parsed = self.match(name, from: part.upperBound + 1, node: literal.node, entity: entity) {
                return parsed
            }
        }
        guard let next = self.nodes[node].id, !part.isEmpty else { return nil }
        return self.match(name, from: part.upperBound + 1, node: next, entity: entity ?? part)
    }

    private func ids(_ name: Span<UInt8>, from start: Int, node: Int) -> [Range<Int>]? {
        guard let part = self.part(name, from: start) else { return self.nodes[node].family.map { _ in [] } }
        for literal in self.nodes[node].literals where Self.equals(name, part, literal.text) {
            if let ids = self.ids(name, from: part.upperBound + 1, node: literal.node) { return ids }
        }
        guard let next = self.nodes[node].id, !part.isEmpty,
            let ids = self.ids(name, from: part.upperBound + 1, node: next)
        else { return nil }
        return [part] + ids
    }

    private static func equals(_ name: Span<UInt8>, _ part: Range<Int>, _ text: [UInt8]) -> Bool {
        guard part.count == text.count else { return false }
        for offset in text.indices where name[part.lowerBound + offset] != text[offset] { return false }
        return true
    }

    private static func looksLikeID(_ name: Span<UInt8>, _ part: Range<Int>) -> Bool {
        var hasDigit = false
        var isHexadecimal = true
        for index in part {
            let byte = name[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "-"): break
            default: isHexadecimal = isHexadecimal && UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
            }
        }
        return isHexadecimal && (hasDigit || part.count == 36)
    }
}
