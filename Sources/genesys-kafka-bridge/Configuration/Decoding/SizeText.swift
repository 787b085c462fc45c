/// Numbers of bytes as text: a whole number with a unit, `1000B`, `8KiB`, `64MiB`, `1MB`.
enum SizeText {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("B", 1), ("KB", 1000), ("KiB", 1024), ("MB", 1_000_000), ("MiB", 1_048_576), ("GB", 1_000_000_000),
        ("GiB", 1_073_741_824),
    ]

    /// Reads `text` as a number of bytes.
    static func parse(_ text: String) throws(ValueProblem) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = String(text.dropFirst(digits.count))
        guard !digits.isEmpty else {
            throw ValueProblem(
                problem: "is not a size",
                remedy: "write a whole number with a unit: 64MiB, 8KiB, 1MB or 1000B"
            )
        }
        guard !suffix.isEmpty else {
            throw ValueProblem(
                problem: "has no unit",
                remedy: "write \(digits.prefix(12))B for bytes, or use KiB, MiB, KB or MB"
            )
        }
        guard let unit = Self.units.first(where: { $0.suffix == suffix }) else {
            let near = Self.units.first { $0.suffix.lowercased() == suffix.lowercased() }
            throw ValueProblem(
                problem: "is not a size",
                remedy: near.map { "write \(digits.prefix(12))\($0.suffix)" }
                    ?? "use one of the units B, KB, KiB, MB, MiB, GB and GiB"
            )
        }
        guard digits.count <= 9, let number = Int(digits) else { throw ValueProblem(problem: "is too large") }
        return number * unit.bytes
    }

    /// `bytes` in the largest unit that shows it exactly.
    static func format(_ bytes: Int) -> String {
        guard bytes != 0, let unit = Self.units.last(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)B" }
        return "\(bytes / unit.bytes)\(unit.suffix)"
    }
}
