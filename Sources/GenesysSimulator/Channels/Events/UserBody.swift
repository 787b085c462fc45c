/// The bodies of the topics of a user that most clients want.
struct UserBody {
    let user: String
    /// Which of the states that follow each other.
    let phase: Int

    func writePresence(to writer: inout BodyWriter) {
        let presences = ["AVAILABLE", "AWAY", "BREAK", "MEAL", "MEETING", "ON_QUEUE", "OFFLINE"]
        writer.object { writer in
            writer.field("source", "PURECLOUD")
            writer.key("presenceDefinition")
            writer.object { writer in
                writer.key("id")
                writer.identifier()
                writer.field("systemPresence", presences[(self.phase + writer.draw()) % presences.count])
            }
            writer.field("primary", raw: "true")
            writer.key("message")
            writer.sequence()
            writer.key("modifiedDate")
            writer.time()
        }
    }

    func writeRoutingStatus(to writer: inout BodyWriter) {
        let statuses = ["IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING", "OFF_QUEUE"]
        writer.object { writer in
            writer.field("id", self.user)
            writer.key("routingStatus")
            writer.object { writer in
                writer.field("status", statuses[self.phase % statuses.count])
                writer.key("startTime")
                writer.time()
            }
            writer.key("errorInfo")
            writer.object { writer in
                writer.key("correlationId")
                writer.sequence()
            }
        }
    }
}
