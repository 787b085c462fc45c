/// A small plot in one line of text.
enum Sparkline {
    private static let levels = Array("▁▂▃▄▅▆▇█")

    /// The last `width` values, scaled to the largest.
    static func draw(_ values: [Double], width: Int) -> String {
        let shown = values.suffix(width)
        let highest = max(shown.max() ?? 0, 1)
        return String(
            shown.map { value in
                let level = (max(value, 0) / highest * Double(Self.levels.count - 1)).rounded()
                return Self.levels[min(Int(level), Self.levels.count - 1)]
            }
        )
    }
}
