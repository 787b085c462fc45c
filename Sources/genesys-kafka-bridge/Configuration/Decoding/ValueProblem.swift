/// Why a text is not a value of the wanted kind. Repeats nothing of the text; who reports it may, unless it is a secret.
struct ValueProblem: Error {
    /// Continues a sentence that begins with the value: `has no unit`.
    var problem: String
    /// What would be right, where the setting's own description does not say it.
    var remedy: String = ""
}
