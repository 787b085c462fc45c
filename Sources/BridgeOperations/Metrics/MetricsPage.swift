/// A report in the text format that Prometheus reads, version 0.0.4.
///
/// Every value is one of the report, which holds them all at one moment: a registry beside it would have to be kept in step with it.
enum MetricsPage {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The page: of each metric that has a value what it says, its type and its values.
    static func text(of report: HealthReport) -> String {
        var text = ""
        for metric in Metric.all {
            let samples = metric.samples(report)
            guard !samples.isEmpty else { continue }
            text += "# HELP \(metric.name) \(Self.escaped(metric.help, isQuoted: false))\n"
            text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in samples { text += "\(metric.name)\(Self.labels(of: sample)) \(Self.number(sample.value))\n" }
        }
        return text
    }

    private static func labels(of sample: Metric.Sample) -> String {
        let labels = [("tenant", sample.tenant), ("cause", sample.cause)].compactMap { name, value in
            value.map { "\(name)=\"\(Self.escaped($0, isQuoted: true))\"" }
        }
        return labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    private static func escaped(_ text: String, isQuoted: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where isQuoted: result += "\\\""
            case _: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
