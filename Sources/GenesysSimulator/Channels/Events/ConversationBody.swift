/// A whole snapshot of a conversation: the bodies of a queue's and of a user's conversations.
struct ConversationBody {
    private static let purposes = ["customer", "ivr", "acd", "agent"]

    /// Nil stands for one of the seed's choice.
    let queue: String?
    /// The agent; nil stands for one of the seed's choice.
    let user: String?
    /// Alerting, connected, disconnected.
    let phase: Int
    /// How many attributes each participant has: they make most of the size.
    let attributeCount: Int

    func write(to writer: inout BodyWriter) {
        writer.object { writer in
            writer.key("id")
            writer.conversation()
            writer.key("participants")
            writer.list { writer in
                for index in Self.purposes.indices.prefix(3 + min(1, self.phase)) {
                    self.writeParticipant(index, to: &writer)
                }
            }
            writer.field("recordingState", self.phase == 1 ? "ACTIVE" : "NONE")
            writer.key("divisions")
            writer.list { writer in
                writer.object { writer in
                    writer.key("division")
                    writer.object { writer in
                        writer.key("id")
                        writer.identifier()
                    }
                    writer.key("entities")
                    writer.list { writer in
                        writer.object { writer in
                            writer.key("id")
                            self.writeQueue(to: &writer)
                        }
                    }
                }
            }
        }
    }

    private func writeQueue(to writer: inout BodyWriter) {
        if let queue = self.queue { writer.text(queue) } else { writer.identifier() }
    }

    private func writeParticipant(_ index: Int, to writer: inout BodyWriter) {
        let purpose = Self.purposes[index]
        writer.object { writer in
            writer.key("id")
            writer.identifier()
            writer.key("connectedTime")
            writer.time()
            if purpose == "agent" {
                writer.key("userId")
                if let user = self.user { writer.text(user) } else { writer.identifier() }
            }
            writer.field("name", "Zürich \"Süd\" – 日本 😀 \(purpose)")
            writer.key("queueId")
            self.writeQueue(to: &writer)
            writer.field("purpose", purpose)
            writer.field("address", "tel:+1555010\(index)")
            writer.field("wrapupRequired", raw: purpose == "agent" ? "true" : "false")
            writer.field("wrapupExpected", raw: "false")
            writer.key("attributes")
            writer.object { writer in
                if index == 0 {
                    writer.key("simulator.sequence")
                    writer.sequence()
                }
                for number in 0..<self.attributeCount {
                    writer.field("attribute.\(number)", "value \(writer.draw() % 1_000_000) of path a/b\\c")
                }
            }
            writer.key("calls")
            writer.list { self.writeCall(purpose, to: &$0) }
            writer.field("additionalProperties", raw: "{}")
        }
    }

    private func writeCall(_ purpose: String, to writer: inout BodyWriter) {
        let hasEnded = self.phase == 2 || purpose == "ivr"
        writer.object { writer in
            writer.key("id")
            writer.identifier()
            writer.field("state", hasEnded ? "disconnected" : self.phase == 0 ? "alerting" : "connected")
            writer.field("initialState", "alerting")
            writer.field("recording", raw: self.phase == 1 ? "true" : "false")
            writer.field("recordingState", self.phase == 1 ? "active" : "none")
            for flag in ["muted", "confined", "held", "securePause"] { writer.field(flag, raw: "false") }
            if hasEnded { writer.field("disconnectType", purpose == "ivr" ? "transfer" : "client") }
            writer.field("direction", "inbound")
            for side in ["self", "other"] {
                writer.key(side)
                writer.object { writer in
                    writer.field("name", side == "self" ? "Acme Support" : "Caller")
                    writer.field("nameRaw", side == "self" ? "Acme Support" : "Caller")
                    writer.field("addressNormalized", "+15550100")
                    writer.field("addressRaw", "sip:+15550100@example.invalid")
                    writer.field("addressDisplayable", "+15550100")
                }
            }
            writer.field("provider", "Edge")
            writer.key("peerId")
            writer.identifier()
            writer.key("connectedTime")
            writer.time()
            if hasEnded {
                writer.key("disconnectedTime")
                writer.time()
            }
            writer.field("afterCallWorkRequired", raw: "false")
            writer.field("additionalProperties", raw: "{}")
        }
    }
}
