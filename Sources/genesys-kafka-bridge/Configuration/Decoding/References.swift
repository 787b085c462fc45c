/// Replaces `${env:NAME}` and `${file:PATH}` in a text. `$${` stands for `${` itself. What was put in is not looked at again.
struct References {
    /// A text with its references replaced.
    struct Replaced {
        var text: String
        var isReplaced: Bool
    }

    let sources: ConfigurationSources

    /// `text` with its references replaced. Errors name the reference, never what it stands for.
    func replace(in text: String) throws(ValueProblem) -> Replaced {
        var result = ""
        var isReplaced = false
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw ValueProblem(problem: "has a reference without its closing brace", remedy: Self.remedy)
                }
                result += try self.value(of: rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
                isReplaced = true
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
                rest = rest.dropFirst()
            }
        }
        return Replaced(text: result + rest, isReplaced: isReplaced)
    }

    private static let remedy = "write ${env:NAME} or ${file:PATH}; $${ stands for ${ itself"

    private func value(of reference: Substring) throws(ValueProblem) -> String {
        if reference.hasPrefix("env:") {
            return try self.variable(String(reference.dropFirst(4)))
        }
        if reference.hasPrefix("file:") {
            return try self.content(String(reference.dropFirst(5)))
        }
        throw ValueProblem(problem: "has a reference of an unknown kind", remedy: Self.remedy)
    }

    private func variable(_ name: String) throws(ValueProblem) -> String {
        let isName = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
        }
        guard isName, !name.isEmpty else {
            throw ValueProblem(
                problem: "refers to an environment variable by something that is not a name",
                remedy: Self.remedy
            )
        }
        guard let value = self.sources.environment[name] else {
            throw ValueProblem(
                problem: "refers to the environment variable \(name), which is not set",
                remedy: "set \(name)"
            )
        }
        return value
    }

    private func content(_ path: String) throws(ValueProblem) -> String {
        let shownPath = ControlCharacters.escape(path)
        guard !path.isEmpty else {
            throw ValueProblem(problem: "refers to a file without a path", remedy: Self.remedy)
        }
        let bytes: [UInt8]
        do {
            bytes = try self.sources.readFile(path, ConfigurationSources.maximumReferenceBytes)
        } catch {
            throw ValueProblem(problem: "refers to the file \(shownPath), which \(error.reason)")
        }
        guard bytes.count <= ConfigurationSources.maximumReferenceBytes else {
            throw ValueProblem(
                problem:
                    "refers to the file \(shownPath), which is larger than \(ConfigurationSources.maximumReferenceBytes) bytes"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw ValueProblem(problem: "refers to the file \(shownPath), which is not text in UTF-8")
        }
        // The line end that editors and `echo` add is not part of a secret.
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { return String(text.dropLast()) }
        return text
    }
}
