import BridgeCore
import Testing

@testable import GenesysCloud

/// Random texts and random pointers, against a slow redaction by the reference parser.
@Suite("What is hidden, and what is not")
struct JSONRedactorPropertyTests {
    /// The pointers of one case.
    private struct Pointers: CustomStringConvertible {
        var drop: [JSONPointer] = []
        var hash: [JSONPointer] = []

        var description: String { "drop \(self.drop), hash \(self.hash)" }
    }

    /// A step of a path: a member's name, or an element's place.
    private struct Step {
        var name: String
        var index: Int?
    }

    /// What becomes of texts, computed the slow way.
    private struct Reference {
        let bytes: [UInt8]
        let pointers: Pointers
        let hash = ValueHash(key: RedactionSamples.key)

        private func isMeant(_ path: [Step], by pointers: [JSONPointer]) -> Bool {
            pointers.contains { pointer in
                guard pointer.steps.count == path.count else { return false }
                return zip(pointer.steps, path).allSatisfy { step, part in
                    let name = String(decoding: step.name, as: UTF8.self)
                    return name == "*" || (part.index.map { String($0) == name } ?? (part.name == name))
                }
            }
        }

        private func source(_ value: ReferenceValue) -> String {
            String(decoding: self.bytes[value.range], as: UTF8.self)
        }

        /// The value's bytes but for the space between tokens: every second piece between quotes is no string.
        private func withoutSpace(_ value: ReferenceValue) -> String {
            let marked = self.source(value).replacing("\\\\", with: "\u{1}").replacing("\\\"", with: "\u{2}")
            let pieces = marked.split(separator: "\"", omittingEmptySubsequences: false).enumerated().map {
                index,
                piece in
                index.isMultiple(of: 2)
                    ? String(piece.unicodeScalars.filter { !" \t\r\n".unicodeScalars.contains($0) }) : String(piece)
            }
            return pieces.joined(separator: "\"").replacing("\u{2}", with: "\\\"").replacing("\u{1}", with: "\\\\")
        }

        /// The text without space between tokens, redacted.
        func compact(_ value: ReferenceValue, _ path: [Step] = []) -> String {
            if self.isMeant(path, by: self.pointers.hash), !path.isEmpty {
                switch value.meaning {
                case .null: return "null"
                case .string(let text): return text.isEmpty ? "\"\"" : "\"\(self.hash.text(of: text))\""
                case .object, .array, .number, .bool:
                    return "\"\(self.hash.text(of: self.withoutSpace(value)))\""
                }
            }
            switch value.meaning {
            case .null, .bool, .number, .string: return self.source(value)
            case .array(let elements):
                let parts = elements.enumerated().map { index, element in
                    let inner = path + [Step(name: "", index: index)]
                    return self.isMeant(inner, by: self.pointers.drop) ? "null" : self.compact(element, inner)
                }
                return "[\(parts.joined(separator: ","))]"
            case .object(let members):
                let parts = members.compactMap { name, member -> String? in
                    let inner = path + [Step(name: name)]
                    guard !self.isMeant(inner, by: self.pointers.drop) else { return nil }
                    return "\(JSONText.string(name)):\(self.compact(member, inner))"
                }
                return "{\(parts.joined(separator: ","))}"
            }
        }
    }

    /// A text without space between its tokens, and with names escaped in one way.
    private static func compact(_ bytes: [UInt8]) -> [UInt8]? {
        ReferenceParser.parse(bytes).map { Array(Reference(bytes: bytes, pointers: Pointers()).compact($0).utf8) }
    }

    private static func paths(_ value: ReferenceValue, _ path: [Step] = []) -> [[Step]] {
        let own = path.isEmpty || path.count > 12 ? [] : [path]
        switch value.meaning {
        case .null, .bool, .number, .string: return own
        case .array(let elements):
            return own
                + elements.enumerated().flatMap { Self.paths($1, path + [Step(name: "", index: $0)]) }
        case .object(let members): return own + members.flatMap { Self.paths($0.value, path + [Step(name: $0.name)]) }
        }
    }

    private static func pointers(_ paths: [[Step]], _ random: inout SeededGenerator) -> Pointers {
        var pointers = Pointers()
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let path = paths.randomElement(using: &random) else { break }
            let steps = path.map { step -> String in
                if Int.random(in: 0..<4, using: &random) == 0 { return "*" }
                if Int.random(in: 0..<30, using: &random) == 0 { return "absent" }
                let name = step.index.map(String.init) ?? step.name
                return name.replacing("~", with: "~0").replacing("/", with: "~1")
            }
            guard let pointer = JSONPointer(steps.map { "/\($0)" }.joined()) else { continue }
            if Bool.random(using: &random) { pointers.drop.append(pointer) } else { pointers.hash.append(pointer) }
        }
        return pointers
    }

    private static func redacted(_ bytes: [UInt8], _ pointers: Pointers) throws -> (bytes: [UInt8], hasChanged: Bool) {
        var tree = RedactionTree()
        // As several rules would have it: each pointer in a tree of its own.
        let drops = pointers.drop.map { pointer in
            let root = tree.addRoot()
            tree.add(pointer, .drop, below: root)
            return root
        }
        let hashes = tree.addRoot()
        for pointer in pointers.hash { tree.add(pointer, .hash, below: hashes) }
        var redactor = JSONRedactor(tree, ValueHash(key: RedactionSamples.key))
        try redactor.redact(bytes.span, roots: drops + [hashes])
        return (redactor.output, redactor.hasChanged)
    }

    @Test("nothing that is meant remains, and nothing else changes", arguments: 1...12 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var random = SeededGenerator(seed: seed &* 31)
        var changed = 0
        for round in 0..<60 {
            let document = generator.document()
            let value = try #require(ReferenceParser.parse(document), "seed \(seed), round \(round)")
            let pointers = Self.pointers(Self.paths(value), &random)
            let (output, hasChanged) = try Self.redacted(document, pointers)
            let expected = Array(Reference(bytes: document, pointers: pointers).compact(value).utf8)
            #expect(Self.compact(output) == expected, "seed \(seed), round \(round): \(pointers)")
            if !hasChanged { #expect(output == document, "seed \(seed), round \(round)") }
            // What is hidden is hidden: once more finds nothing else to drop.
            let again = try Self.redacted(output, Pointers(drop: pointers.drop))
            #expect(Self.compact(again.bytes) == expected, "seed \(seed), round \(round)")
            changed += hasChanged ? 1 : 0
        }
        #expect(changed > 18, "seed \(seed): pointers that lead nowhere prove nothing")
    }

    @Test(
        "damaged texts are refused or redacted, and never trap (no-silent-loss)",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func damaged(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var random = SeededGenerator(seed: seed &* 37)
        var refused = 0
        for round in 0..<150 {
            let document = generator.document()
            let value = try #require(ReferenceParser.parse(document))
            let pointers = Self.pointers(Self.paths(value), &random)
            let damaged = generator.mutation(of: document)
            guard let (output, _) = try? Self.redacted(damaged, pointers) else {
                #expect(ReferenceParser.parse(damaged) == nil, "seed \(seed), round \(round)")
                refused += 1
                continue
            }
            let parsed = try #require(ReferenceParser.parse(damaged), "seed \(seed), round \(round)")
            let expected = Array(Reference(bytes: damaged, pointers: pointers).compact(parsed).utf8)
            #expect(Self.compact(output) == expected, "seed \(seed), round \(round)")
        }
        #expect(refused > 15)
    }
}
