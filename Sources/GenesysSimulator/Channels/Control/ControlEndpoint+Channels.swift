import NIOCore
import NIOHTTP1

extension ControlEndpoint {
    /// `/simulator/channels…`: what is true of the public notification service, and its rates.
    ///
    /// - Returns: nil where there is no such route.
    /// - Throws: ``SimulatorError``; errors of decoding.
    func channelsReply(isPost: Bool, path: String, body: String, now: NIODeadline) throws -> HTTPReply? {
        switch (isPost, path) {
        case (false, "/simulator/channels"):
            return HTTPReply(
                status: .ok,
                json: try self.encode(self.cloud.tenants.map { $0.channels.snapshot(now: now) })
            )
        case (true, "/simulator/channels/rate"):
            let request = try self.decode(ChannelControlRequest.Rate.self, body)
            guard (0...100_000).contains(request.eventsPerSecond) else {
                return self.invalid("eventsPerSecond is not in 0...100000")
            }
            try self.cloud.setTopicRate(
                request.eventsPerSecond,
                template: request.template,
                tenant: request.tenant,
                now: now
            )
            return HTTPReply(status: .ok, json: "{}")
        case (true, "/simulator/channels/times"):
            let request = try self.decode(ChannelControlRequest.Times.self, body)
            let tenant = try self.cloud.tenant(named: request.tenant)
            let times = tenant.channels.milliseconds(of: request.sequences, topic: request.topic)
            return HTTPReply(status: .ok, json: #"{"milliseconds":\#(try self.encode(times))}"#)
        case _: return nil
        }
    }

    func injectChannelFault(_ body: String, now: NIODeadline) throws -> HTTPReply {
        let request = try self.decode(ChannelFaultRequest.self, body)
        guard let fault = request.requested else { return self.invalid("a number is out of its range") }
        let target = request.channel.map(ChannelFaultTarget.channel) ?? (request.one == true ? .one : .all)
        let reached = try self.cloud.inject(fault, tenant: request.tenant, target: target, now: now)
        return HTTPReply(status: .ok, json: #"{"reached":\#(reached)}"#)
    }
}
