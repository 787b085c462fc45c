/// The statistics of a queue, as `v2.analytics.queues.{id}.observations` has them.
struct ObservationsBody {
    let queue: String

    func write(to writer: inout BodyWriter) {
        writer.object { writer in
            writer.key("group")
            writer.object { writer in
                writer.field("queueId", self.queue)
                writer.field("mediaType", "voice")
            }
            writer.key("data")
            writer.list { writer in
                writer.object { writer in
                    writer.field("interval", "2026-01-05T10:00:00.000Z/2026-01-05T10:30:00.000Z")
                    let metrics = ["nOffered", "nConnected", "tAcd", "tAnswered", "tWait", "tTalk", "tHandle", "tAcw"]
                    self.writeMetrics(metrics, qualifiers: [], to: &writer)
                }
                writer.object { writer in
                    self.writeMetrics(
                        ["oWaiting", "oInteracting"],
                        qualifiers: ["IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING"],
                        to: &writer
                    )
                }
            }
        }
    }

    private func writeMetrics(_ names: [String], qualifiers: [String], to writer: inout BodyWriter) {
        writer.key("metrics")
        writer.list { writer in
            for name in names {
                writer.object { writer in
                    writer.field("metric", name)
                    if name == "nOffered" {
                        writer.key("qualifier")
                        writer.sequence()
                    }
                    self.writeStats(withSum: qualifiers.isEmpty, to: &writer)
                }
            }
            for qualifier in qualifiers {
                writer.object { writer in
                    writer.field("metric", "oOnQueueUsers")
                    writer.field("qualifier", qualifier)
                    self.writeStats(withSum: false, to: &writer)
                }
            }
        }
    }

    private func writeStats(withSum: Bool, to writer: inout BodyWriter) {
        writer.key("stats")
        writer.object { writer in
            writer.field("count", raw: String(writer.draw() % 50))
            if withSum { writer.field("sum", raw: String(writer.draw() % 1_000_000)) }
        }
    }
}
