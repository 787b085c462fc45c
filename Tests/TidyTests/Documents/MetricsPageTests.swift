import Testing

@Suite("The page of the metrics")
struct MetricsPageTests {
    private static let path = "Sources/genesys-kafka-bridge/GenesysKafkaBridge.docc/Metrics.md"

    @Test("its table says of each metric what the metric says of itself, in the same order")
    func table() throws {
        let table = try #require(
            MarkdownTable.all(in: Repository.text(of: Self.path)).first { $0.header.first == "Metric" }
        )
        let shown = table.rows.map { row in
            MetricDeclaration(
                name: MarkdownTable.code(in: row.cells[0]) ?? "",
                type: row.cells[1],
                labels: row.cells[2],
                meaning: row.cells[3]
            )
        }
        let declared = MetricDeclaration.all(in: Repository.sources.filter { $0.module == "BridgeOperations" })
        #expect(declared.count > 20)
        #expect(shown == declared)
    }

    @Test("a metric is read as it is written")
    func reads() {
        let text = """
            let a = Metric("x_total", .counter, "How many.", perTenant: { Double($0.a) })
            let b = Metric(
                "y",
                .gauge,
                "Whether.",
                of: { $0.ready ? 1 : 0 }
            )
            let c: [Metric] = [Metric("z", .gauge, "Of gaps.", perCause: { $0.seconds })]
            init(_ metric: Metric) {}
            """
        let declared = MetricDeclaration.all(in: [SourceFile(path: "Sources/A/B.swift", text: text)])
        #expect(
            declared == [
                MetricDeclaration(name: "x_total", type: "counter", labels: "`tenant`", meaning: "How many."),
                MetricDeclaration(name: "y", type: "gauge", labels: "", meaning: "Whether."),
                MetricDeclaration(name: "z", type: "gauge", labels: "`tenant`, `cause`", meaning: "Of gaps."),
            ]
        )
    }
}
