import BridgeCore

@testable import GenesysCloud

/// Pointers, each on a line of its own with the action's letter before it, and behind them a text: what is meant is gone, the rest is JSON
/// as before, and what is no JSON is refused.
enum RedactionTarget {
    static func run(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var pointers: [(JSONPointer, RedactionAction)] = []
        while pointers.count < 8, let action = Self.actions[rest.first ?? 0] {
            let line = rest.dropFirst().prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            guard let pointer = JSONPointer(String(decoding: line, as: UTF8.self)), !pointer.steps.isEmpty else {
                continue
            }
            pointers.append((pointer, action))
        }
        let text = Array(rest)
        let isJSON = ReferenceParser.parse(text) != nil
        guard let (redacted, hasChanged) = Self.redacted(text, pointers) else {
            precondition(!isJSON, "refused what is JSON")
            return
        }
        precondition(isJSON, "took what is no JSON")
        precondition(hasChanged || redacted == text, "changed without saying so")
        precondition(ReferenceParser.parse(redacted) != nil, "what is left is no JSON")
        let drops = pointers.filter { $0.1 == .drop }
        precondition(Self.redacted(redacted, drops)?.output == redacted, "something was left that is meant to go")
    }

    private static let actions: [UInt8: RedactionAction] = [
        UInt8(ascii: "d"): .drop, UInt8(ascii: "h"): .hash, UInt8(ascii: "t"): .hashTopicIDs,
    ]

    private static func redacted(
        _ text: [UInt8],
        _ pointers: [(JSONPointer, RedactionAction)]
    ) -> (output: [UInt8], hasChanged: Bool)? {
        var tree = RedactionTree()
        let roots = [tree.addRoot(), tree.addRoot()]
        for (index, (pointer, action)) in pointers.enumerated() { tree.add(pointer, action, below: roots[index % 2]) }
        var redactor = JSONRedactor(tree, ValueHash(key: Secret("key")))
        guard (try? redactor.redact(text.span, roots: roots)) != nil else { return nil }
        return (redactor.output, redactor.hasChanged)
    }
}
