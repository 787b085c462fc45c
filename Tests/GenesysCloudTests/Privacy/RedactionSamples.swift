import BridgeCore
import Testing

@testable import GenesysCloud

/// Rules and texts for tests of what is hidden.
enum RedactionSamples {
    static let key = Secret("0123456789abcdef")

    static func pointer(_ text: String) throws -> JSONPointer {
        try #require(JSONPointer(text), "\(text) is a pointer")
    }

    static func rule(
        _ family: String,
        drop: [String] = [],
        hash: [String] = [],
        hashesResourceID: Bool = false
    ) throws -> RedactionRule {
        RedactionRule(
            family: try #require(FamilyPattern(family), "\(family) is a pattern"),
            drop: try drop.map(self.pointer),
            hash: try hash.map(self.pointer),
            hashesResourceID: hashesResourceID
        )
    }

    /// HMAC-SHA-256 of `text` under `key`, its first 16 bytes.
    static func hash(_ text: String) -> String { ValueHash(key: self.key).text(of: text) }

    /// `text` by the pointers.
    static func redacted(_ text: String, drop: [String] = [], hash: [String] = []) throws -> String {
        var tree = RedactionTree()
        let root = tree.addRoot()
        for pointer in drop { tree.add(try self.pointer(pointer), .drop, below: root) }
        for pointer in hash { tree.add(try self.pointer(pointer), .hash, below: root) }
        var redactor = JSONRedactor(tree, ValueHash(key: self.key))
        try redactor.redact(Array(text.utf8).span, roots: [root])
        let result = String(decoding: redactor.output, as: UTF8.self)
        #expect(redactor.hasChanged == (result != text))
        return result
    }
}
