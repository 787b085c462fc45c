/// A metric, as its source declares it.
struct MetricDeclaration: Hashable {
    var name: String
    var type: String
    var labels: String
    var meaning: String

    static func all(in files: [SourceFile]) -> [MetricDeclaration] {
        files.flatMap { file in
            file.indices(of: ["Metric"]).compactMap { index in
                let arguments = TokenPattern.arguments(file.tokens, index)
                guard arguments.count > 7, arguments[0].kind == .string, arguments[5].kind == .string else {
                    return nil
                }
                let labels = ["of": "", "perTenant": "`tenant`", "perCause": "`tenant`, `cause`"][arguments[7].text]
                return labels.map { labels in
                    MetricDeclaration(
                        name: arguments[0].text,
                        type: arguments[3].text,
                        labels: labels,
                        meaning: arguments[5].text
                    )
                }
            }
        }
    }
}
