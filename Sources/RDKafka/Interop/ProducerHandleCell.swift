/// Keeps a producer's handle until the poll thread is done with it.
///
/// Two ways in: `call` for everybody, until `closeGate`; `ownerCall` for the poll thread and for whoever closes.
final class ProducerHandleCell: Sendable {
    /// Read by calls that are inside of the gate and by the owners; set to `nil` once, by the poll thread as its last
    /// act, when the gate is closed and empty or nobody has a reference to the producer any more.
    private nonisolated(unsafe) var handle: ProducerHandle?
    private let gate = CallGate()

    init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        unsafe self.handle = try ProducerHandle(configuration)
    }

    /// Lends the handle; `nil` when the gate is closed.
    func call<Value, Failure: Error>(_ body: (borrowing ProducerHandle) throws(Failure) -> Value) throws(Failure)
        -> Value?
    {
        guard self.gate.enter() else { return nil }
        defer { self.gate.leave() }
        return try self.ownerCall(body)
    }

    /// Lets no `call` in any more, waits for those inside; whether this was the first such call.
    func closeGate() async -> Bool {
        await self.gate.close()
    }

    /// Lends the handle past the gate.
    func ownerCall<Value, Failure: Error>(_ body: (borrowing ProducerHandle) throws(Failure) -> Value) throws(Failure)
        -> Value
    {
        switch unsafe self.handle {
        case .some(let handle): try body(handle)
        case .none: preconditionFailure("the handle is destroyed")
        }
    }

    /// Destroys the handle. Blocks until librdkafka's threads have ended.
    func destroy() {
        unsafe self.handle = nil
    }
}
