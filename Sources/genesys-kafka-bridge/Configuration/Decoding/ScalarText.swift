/// A scalar after its references were replaced.
struct ScalarText: Sendable {
    /// What counts.
    var text: String
    /// What stands in the file. The only form that messages may show.
    var written: String
    var kind: ScalarKind
    /// Whether anything was replaced. Then `kind` says nothing: the text came from outside of YAML.
    var isReplaced: Bool

    /// How a message shows it: as written, cut, on one line.
    var shown: String {
        let cut = self.written.count > 60 ? self.written.prefix(60) + "…" : self.written[...]
        return "\"\(ControlCharacters.escape(String(cut)))\""
    }
}
