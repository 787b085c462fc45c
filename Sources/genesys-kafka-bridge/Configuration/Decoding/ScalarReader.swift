/// Reads one scalar: replaces its references, checks its kind and parses it.
struct ScalarReader {
    let context: DecodingContext

    /// The value of `node`; nil where it is wrong, and then that is reported.
    func parse<Value>(_ node: ConfigurationNode, keyPath: String, _ syntax: ValueSyntax<Value>) -> Value? {
        guard let scalar = self.scalar(node, keyPath: keyPath, remedy: syntax.remedy) else { return nil }
        if !scalar.isReplaced, !syntax.kinds.contains(scalar.kind) {
            self.reportKind(scalar, node.position, keyPath, syntax)
            return nil
        }
        do {
            return try syntax.parse(scalar.text)
        } catch {
            self.context.report(
                node.position,
                keyPath,
                "\(syntax.isSecret || Self.mayHoldCredentials(scalar.text) ? "the value" : scalar.shown) \(error.problem)",
                error.remedy.isEmpty ? syntax.remedy : error.remedy
            )
            return nil
        }
    }

    /// Whether `text` could be an address with a user's password in it, or one with a query: those are where secrets end up that belong
    /// somewhere else.
    private static func mayHoldCredentials(_ text: String) -> Bool {
        text.contains("@") || (text.contains("://") && text.contains("?"))
    }

    /// The text of `node` with its references replaced; nil where it is no scalar or a reference is wrong.
    func scalar(_ node: ConfigurationNode, keyPath: String, remedy: String) -> ScalarText? {
        guard case .scalar(let written, let isPlain, let position) = node else {
            self.context.report(node.position, keyPath, "must be a single value, but is \(node.kindName)", remedy)
            return nil
        }
        do {
            let replaced = try References(sources: self.context.sources).replace(in: written)
            return ScalarText(
                text: replaced.text,
                written: written,
                kind: ScalarKind(written, isPlain: isPlain),
                isReplaced: replaced.isReplaced
            )
        } catch {
            self.context.report(position, keyPath, error.problem, error.remedy)
            return nil
        }
    }

    private func reportKind<Value>(
        _ scalar: ScalarText,
        _ position: SourcePosition,
        _ keyPath: String,
        _ syntax: ValueSyntax<Value>
    ) {
        let remedy: String
        if scalar.kind == .null {
            remedy = syntax.remedy
        } else if syntax.kinds.contains(.string) {
            remedy = "put it in quotes"
        } else if scalar.kind == .string, syntax.kinds.contains(ScalarKind(scalar.text, isPlain: true)) {
            remedy = "leave the quotes out"
        } else {
            remedy = syntax.remedy
        }
        let problem = scalar.kind == .null ? "must not be empty" : "must be \(syntax.noun), but is \(scalar.kind.name)"
        self.context.report(position, keyPath, problem, remedy)
    }
}
