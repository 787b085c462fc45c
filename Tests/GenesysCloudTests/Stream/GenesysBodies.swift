/// Bodies as Genesys Cloud sends them, put into this dialect's envelope.
///
/// `customerStart` is the `detail` of `aws-event-bridge-conversation-start-event.json` from
/// GenesysCloudBlueprints/genesys-cloud-event-streaming-blueprint, commit 0bf58001c5f2 (MIT, © Genesys Cloud Services,
/// Inc.), as it stands there. `presence` and `queueUsers` are written by us from the field lists of the public SDK; no
/// real people or ids.
enum GenesysBodies {
    static let customerStart = #"""
        {
            "topicName": "v2.detail.events.conversation.2f7bf00a-0fc2-4d6a-9b56-92238191433e.customer.start",
            "version": "2",
            "eventBody": {
              "eventTime": 1649237444949,
              "conversationId": "2f7bf00a-0fc2-4d6a-9b56-92238191433e",
              "participantId": "9fb2ca78-8389-4758-b76a-9b0300de1fce",
              "sessionId": "c03d300e-fa79-4353-9695-b97a71322785",
              "mediaType": "CHAT",
              "provider": "PureCloud Webchat v2",
              "direction": "INBOUND",
              "externalContactId": "uwu",
              "externalOrganizationId": "America",
              "conversationExternalContactIds": ["idk"]
            },
            "metadata": {
              "CorrelationId": "fe8a8579-b83f-4f07-b371-2b39398f91a8"
            },
            "timestamp": "2022-04-06T09:30:45.013Z"
          }
        """#

    static let presence =
        #"{"eventId":"7f150524-34b9-45df-9e77-69b10f4205b4","event":"v2.users.presence","#
        + #""resourceId":"6513270e-269e-4d37-b2a7-4de452e6b438","timestamp":"2026-01-05T10:00:00.123Z","#
        + #""eventBody":{"source":"PURECLOUD","presenceDefinition":{"id":"907a70c3-1012-4037-b64c-e4228c38fb29","#
        + #""systemPresence":"AVAILABLE"},"primary":true,"message":"","modifiedDate":"2026-01-05T10:00:00.123Z"},"#
        + #""metadata":{"CorrelationId":"7f150524-34b9-45df-9e77-69b10f4205b4"}}"#

    static let queueUsers =
        #"{"event":"v2.routing.queues.users","resourceId":"d23f0824-128b-4f33-8c5c-7fd0a6a3a450","#
        + #""eventBody":{"id":"ca02135e-92b1-43f2-8ede-0d7ac3baea9e","#
        + #""user":{"id":"6513270e-269e-4d37-b2a7-4de452e6b438"},"#
        + #""queueId":"d23f0824-128b-4f33-8c5c-7fd0a6a3a450","joined":true,"additionalProperties":{}},"#
        + #""eventId":"57124242-5051-41cc-917f-9acae01f5057"}"#
}
