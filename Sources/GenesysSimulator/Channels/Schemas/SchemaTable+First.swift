// Derived from the Genesys Cloud platform SDK for Python 257.1.0 (MyPureCloud/platform-client-sdk-python,
// commit f80f2db2c783). MIT License, Copyright (c) Genesys Cloud Services, Inc.

extension SchemaTable {
    /// Classes of event bodies. See ``SchemaTable`` for the notation.
    static let classesFirst = #"""
        metric:e0 metricDate:t value:i recordId:s activeRouting:e1 activeSkillIds:[s addressFrom:s addressTo:s
         agentAssistantId:s agentBullseyeRing:i agentOwned:b ani:s assignerId:s authenticated:b conversationId:s
         conversationInitiator:e2 convertedFrom:s convertedTo:s customerParticipation:b deliveryStatus:e3
         destinationAddresses:[s direction:e4 disconnectType:e5 divisionIds:[s dnis:s edgeId:s
         eligibleAgentCounts:[i errorCode:s extendedDeliveryStatus:s externalContactId:s externalMediaCount:i
         externalOrganizationId:s externalTag:s firstQueue:b flaggedReason:e6 flowInType:s flowOutType:s groupId:s
         interactionType:s journeyActionId:s journeyActionMapId:s journeyActionMapVersion:i journeyCustomerId:s
         journeyCustomerIdType:s journeyCustomerSessionId:s journeyCustomerSessionIdType:s knowledgeBaseIds:[s
         mediaCount:i mediaType:e7 messageType:s originatingDirection:e4 originatingSocialMediaPublic:b
         outboundCampaignId:s outboundContactId:s outboundContactListId:s participantName:s peerId:s provider:s
         purpose:e2 queueId:s remote:s removedSkillIds:[s requestedLanguageId:s requestedRoutingSkillIds:[s
         requestedRoutings:[s roomId:s routingPriority:i routingRing:i routingRule:s routingRuleType:e8
         selectedAgentId:s selectedAgentRank:i selfServed:b sessionDnis:s sessionId:s skillExpressionId:s
         stationId:s teamId:s usedRouting:e1 userId:s videoPresent:b waitingInteractionCounts:[i wrapUpCode:s
         proposedAgents:[c181 scoredAgents:[c182
        dataAvailabilityDate:t
        group:{s data:[c183
        metric:e9 metricDate:t value:i recordId:s activeRouting:e1 activeSkillIds:[s addressFrom:s addressTo:s
         agentAssistantId:s agentBullseyeRing:i agentOwned:b ani:s assignerId:s authenticated:b conversationId:s
         conversationInitiator:e2 convertedFrom:s convertedTo:s customerParticipation:b deliveryStatus:e3
         destinationAddresses:[s direction:e4 disconnectType:e5 divisionIds:[s dnis:s edgeId:s
         eligibleAgentCounts:[i endingLanguage:s entryReason:s entryType:e10 errorCode:s exitReason:s
         extendedDeliveryStatus:s externalContactId:s externalMediaCount:i externalOrganizationId:s externalTag:s
         firstQueue:b flaggedReason:e6 flowId:s flowInType:s flowMilestoneIds:[s flowName:s flowOutType:s
         flowSubType:e11 flowType:e12 flowVersion:s groupId:s interactionType:s journeyActionId:s
         journeyActionMapId:s journeyActionMapVersion:i journeyCustomerId:s journeyCustomerIdType:s
         journeyCustomerSessionId:s journeyCustomerSessionIdType:s knowledgeBaseId:s mediaCount:i mediaType:e7
         messageType:s originatingDirection:e4 outboundCampaignId:s outboundContactId:s outboundContactListId:s
         participantName:s peerId:s provider:s purpose:e2 queueId:s recognitionFailureReason:s remote:s
         removedSkillIds:[s requestedLanguageId:s requestedRoutingSkillIds:[s requestedRoutings:[s roomId:s
         routingPriority:i routingRing:i routingRule:s routingRuleType:e8 selectedAgentId:s selectedAgentRank:i
         selfServed:b sessionDnis:s sessionId:s skillExpressionId:s startingLanguage:s stationId:s teamId:s
         transferTargetAddress:s transferTargetName:s transferType:s usedRouting:e1 userId:s videoPresent:b
         waitingInteractionCounts:[i wrapUpCode:s proposedAgents:[c181 outcomes:[c184 scoredAgents:[c182
        results:[c185
        status:s user:c186 client:c187 startTime:t
        id:s name:s description:s currentOperation:c188
        promptId:s id:s language:s mediaUri:s uploadStatus:s durationSeconds:f
        id:s userId:s userHomeOrgId:s username:c189 userDisplay:s clientId:c190 remoteIp:[s serviceName:e13 level:s
         eventTime:t message:c191 action:e14 entityType:e15 entity:c189 propertyChanges:[c192 context:{s
        conversationId:s queueId:s participants:[c193 communicationIds:[s createdDate:t messageType:e16
         mediaType:e17 summaryId:s language:s summary:c194 headline:c195 reason:c195 resolution:c196
         followupActions:[c195 extractedEntities:[c197 wrapUpCodes:[c198 triggerSource:c199 lastEditedBy:c193
         errorType:e18 durationMs:i
        operationId:s result:c200
        id:s attendeeIds:[s facilitatorIds:[s lengthInMinutes:i businessUnitId:s activityCodeId:s slotsType:e19
         results:[c201
        id:s name:s dateCreated:t dateModified:t workspace:c202 createdBy:c187 contentType:s contentLength:i
         filename:s changeNumber:i dateUploaded:t uploadedBy:c187 lockInfo:c203 selfUri:s
        evaluationStartDate:t evaluationLastModifiedDate:t evaluationFinalizedDate:t
         evaluationFinalizedWithAcwDate:t conversationId:s communicationId:s agentChecklistId:s name:s language:s
         agentId:s participantId:s queueId:s assistantId:s mediaType:e20 direction:e21 status:e22 exitReason:s
         activationTriggers:[c204 conversationContext:[c205 agentChecklistItems:[c206
        eventTime:t conversationId:s suggestionId:s state:e23 triggerType:e24 engagementType:e25 feedback:c207
         activeIntent:c208 conversationIntents:{c208 context:c209
        eventTime:t conversationId:s suggestionId:s state:e23 triggerType:e24 engagementType:e25 context:c209
         feedback:c207 knowledgeArticle:c210 activeIntent:c208
        eventTime:t conversationId:s suggestionId:s state:e23 triggerType:e24 engagementType:e25 context:c209
         feedback:c207 knowledgeSearch:c211 activeIntent:c208
        eventTime:t conversationId:s suggestionId:s state:e23 triggerType:e24 engagementType:e25 context:c209
         feedback:c207 cannedResponse:c212 activeIntent:c208
        eventTime:t conversationId:s suggestionId:s state:e23 triggerType:e24 engagementType:e25 context:c209
         feedback:c207 script:c213 activeIntent:c208
        eventTime:t conversationId:s suggestionId:s state:e23 triggerType:e24 engagementType:e25 feedback:c207
         activeIntent:c208 context:c209 thirdPartySuggestion:c214
        eventTime:t organizationId:s conversationId:s communicationId:s sessionStartTimeMs:i
         transcriptionStartTimeMs:i transcripts:[c215 status:c216 speechTextAnalyticsProgramId:s
        conversationId:s sessionId:s sessionStart:i currentStateStart:i currentState:e26 userId:s
         originatingDirection:e27 mediaType:e28 queueId:s requestedLanguageId:s requestedSkillIds:[s
        messageId:s created:s actionType:e29 body:s from:c217 to:c217 mentions:[c217 notifyAll:b reactions:{[s
        eventTime:i conversationId:s participantId:s sessionId:s disconnectType:e30 mediaType:e28 provider:s
         direction:e27 ani:s dnis:s addressTo:s addressFrom:s callbackUserName:s callbackNumbers:[s
         callbackScheduledTime:i subject:s messageType:e31 queueId:s divisionId:s acdOutcome:e32 answeredUserId:s
         requestedRoutings:[s usedRouting:e33 requestedRoutingSkillIds:[s requestedSkillExpressionIds:[s
         requestedLanguageId:s requestedRoutingUserIds:[s routingPriority:i connectedDurationMs:i
         conversationExternalContactIds:[s conversationExternalOrganizationIds:[s utilizationLabel:s flowType:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s callbackUserName:s callbackNumbers:[s callbackScheduledTime:i subject:s
         messageType:e31 queueId:s divisionId:s conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s utilizationLabel:s routingPriority:i requestedRoutingSkillIds:[s
         skillExpressionApplied:b
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s callbackUserName:s callbackNumbers:[s callbackScheduledTime:i subject:s
         messageType:e31 userId:s queueId:s wrapupCode:s wrapupNotes:s wrapupDurationMs:i
         conversationExternalContactIds:[s conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s attributes:{s conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s communications:[c218
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 externalOrganizationId:s
         externalContactId:s provider:s direction:e27 ani:s dnis:s addressTo:s addressFrom:s callbackUserName:s
         callbackNumbers:[s callbackScheduledTime:i subject:s messageType:e31 conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s divisionId:s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s disconnectType:e30 mediaType:e28
         externalOrganizationId:s externalContactId:s provider:s direction:e27 ani:s dnis:s addressTo:s
         addressFrom:s callbackUserName:s callbackNumbers:[s callbackScheduledTime:i subject:s messageType:e31
         interactingDurationMs:i conversationExternalContactIds:[s conversationExternalOrganizationIds:[s
         divisionId:s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 externalOrganizationId:s
         externalContactId:s provider:s direction:e27 ani:s dnis:s addressTo:s addressFrom:s callbackUserName:s
         callbackNumbers:[s callbackScheduledTime:i subject:s messageType:e31 conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s journeyContext:c219 divisionId:s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s disconnectType:e30 mediaType:e28 provider:s
         direction:e27 ani:s dnis:s addressTo:s addressFrom:s subject:s messageType:e31 flowType:e34 flowId:s
         divisionId:s flowVersion:s connectedDurationMs:i conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s exitReason:e35 transferType:e36 utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s subject:s messageType:e31 flowType:e34 flowId:s divisionId:s flowVersion:s
         flowOutcomeId:s flowOutcomeStartTime:i flowOutcomeEndTime:i flowOutcomeValue:e37 flowMilestones:[c220
         conversationExternalContactIds:[s conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s subject:s messageType:e31 flowType:e34 flowId:s divisionId:s flowVersion:s
         conversationExternalContactIds:[s conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s subject:s messageType:e31 outboundCampaignId:s divisionId:s
         outboundContactListId:s outboundContactId:s conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s disconnectType:e30 mediaType:e28 provider:s
         direction:e27 ani:s dnis:s addressTo:s addressFrom:s callbackUserName:s callbackNumbers:[s
         callbackScheduledTime:i subject:s messageType:e31 userId:s divisionId:s queueId:s interactingDurationMs:i
         heldDurationMs:i alertingDurationMs:i contactingDurationMs:i dialingDurationMs:i callbackDurationMs:i
         conversationExternalContactIds:[s conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s callbackUserName:s callbackNumbers:[s callbackScheduledTime:i subject:s
         messageType:e31 userId:s divisionId:s queueId:s conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s disconnectType:e30 mediaType:e28 provider:s
         direction:e27 ani:s dnis:s userId:s queueId:s divisionId:s voicemailDurationMs:i
         conversationExternalContactIds:[s conversationExternalOrganizationIds:[s utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         userId:s queueId:s divisionId:s conversationExternalContactIds:[s conversationExternalOrganizationIds:[s
         utilizationLabel:s
        eventTime:i conversationId:s participantId:s sessionId:s mediaType:e28 provider:s direction:e27 ani:s dnis:s
         addressTo:s addressFrom:s callbackUserName:s callbackNumbers:[s callbackScheduledTime:i subject:s
         messageType:e31 queueId:s wrapupCode:s wrapupNotes:s wrapupDurationMs:i conversationExternalContactIds:[s
         conversationExternalOrganizationIds:[s utilizationLabel:s
        id:s name:s unit:e38 unitDefinition:s precision:i defaultObjectiveType:e39 retentionMonths:i enabled:b
         inUse:b dateLastRefreshed:t
        id:s division:c202 externalOrganization:c44 type:e40 firstName:s middleName:s lastName:s salutation:s
         title:s workPhone:c221 cellPhone:c221 homePhone:c221 otherPhone:c221 workEmail:s personalEmail:s
         otherEmail:s address:c222 surveyOptOut:b externalSystemUrl:s twitterId:c223 lineId:c224 whatsAppId:c225
         facebookId:c226 instagramId:c227 externalIds:[c228 appleOpaqueIds:[c229 canonicalContactId:s schema:c230
         customFields:{o mergeSet:[s mergedFrom:[s mergedTo:s mergeOperation:c231 createDate:t modifyDate:t
        id:s correlationId:s externalContact:c190 createdDate:t customerId:s customerIdType:s session:c232
         eventType:e41 segmentAssignmentEvent:c233
        id:s selfUri:s createdDate:t endedDate:t externalContact:c190 customerId:s customerIdType:s type:s
         outcomeAchievements:[c234 segmentAssignments:[c235 awayDate:t browser:c236 device:c237 geolocation:c238
         idleDate:t ipAddress:s ipOrganization:s lastPage:c239 mktCampaign:c240 referrer:c241 searchTerms:[s
         userAgentString:s durationInSeconds:i eventCount:i pageviewCount:i screenviewCount:i lastEvent:c242
         conversation:c190 originatingDirection:e21 conversationSubject:s lastUserDisposition:c243
         lastConnectedUser:c190 lastConnectedQueue:c190 conversationChannels:[c244 lastUserDisconnectType:e42
         lastAcdOutcome:e43 authenticated:b app:c245 sdkLibrary:c246 networkConnectivity:c247 divisionIds:[s
         lastScreen:s caseAssociations:[c248 caseEntity:c190 caseReference:s caseStatus:e44
        id:s division:c202 entityId:s entityType:e45 noteText:s createdBy:c202 createDate:t modifyDate:t
        id:s division:c202 name:s companyType:s industry:s primaryContactId:s address:c222 phoneNumber:c221
         faxNumber:c221 employeeCount:i revenue:i tags:[s websites:[s tickers:[c249 twitterId:c223
         externalSystemUrl:s customFields:{o createDate:t modifyDate:t
        id:s division:c202 user:c202 externalOrganization:c44 relationship:s createDate:t modifyDate:t
        executionId:s conversationId:s divisionId:s endDateTime:t endpoint:s errors:[c250 execution:[c251
         flowExitReason:s flowId:s flowIsDebug:b executionItemsTruncated:b flowType:s flowVersion:s messageType:e46
         invokingContext:c252 startDateTime:t warnings:[c250
        id:s name:s description:s deleted:b checkedInVersion:c202 savedVersion:c202 publishedVersion:c202
         currentOperation:c188
        workday:s divisionId:s teamId:s performanceProfileId:s userId:s performanceMetrics:[c253
        id:s name:s type:s ownerType:s owner:c202 greetingAudioFile:c254 audioTTS:s
        webhookId:s invocationTime:s webhooksInvocation:c255
        id:s correlationId:s externalContact:c190 createdDate:t customerId:s customerIdType:s session:c232
         eventType:e47 webActionEvent:c256 blockedWebActionOfferEvent:c257
        id:s correlationId:s externalContact:c190 createdDate:t customerId:s customerIdType:s session:c232
         eventType:e48 appEvent:c258 outcomeAchievedEvent:c259 segmentAssignmentEvent:c233 webActionEvent:c260
        id:s correlationId:s externalContact:c190 createdDate:t customerId:s customerIdType:s session:c232
         eventType:e49 outcomeAchievedEvent:c261 outcomeAttributionEventMessage:c262
        id:s correlationId:s externalContact:c190 createdDate:t customerId:s customerIdType:s session:c232
         eventType:e50 webEvent:c263 webActionEvent:c260 outcomeAchievedEvent:c259 segmentAssignmentEvent:c233
        id:s status:e51 dateCreated:s dateCompleted:s journeyView:c230 dateCompletionEstimated:s
         estimatedCompletionMargin:i userId:s
        startDate:t endDate:t intervalLengthMinutes:i numberOfIntervals:i metrics:[c264 queueIds:[s
         intradayDataGroupings:[c265
        eventEntity:c266 entityId:s entityName:s previousValue:s currentValue:s errorCode:s version:s parentEntity:s
         entityType:s conversationId:s entityToken:s timestamp:i
        maxAttemptsPerContact:i maxAttemptsPerNumber:i timeZoneId:s resetPeriod:e52 recallEntries:{c267
         breadthFirstRecalls:b additionalProperties:{o id:s name:s dateCreated:t dateModified:t version:i
        callableTimes:[c268 additionalProperties:{o id:s name:s dateCreated:t dateModified:t version:i
        campaignRuleEntities:c269 campaignRuleConditions:[c270 campaignRuleActions:[c271 matchAnyConditions:b
         enabled:b additionalProperties:{o id:s name:s dateCreated:t dateModified:t version:i
        contactList:c187 queue:c187 dialingMode:e53 script:c187 edgeGroup:c187 site:c187 campaignStatus:e54
         phoneColumns:[c272 abandonRate:f dncLists:[c187 callableTimeSet:c187 callAnalysisResponseSet:c187
         callerName:s callerAddress:s outboundLineCount:i errors:[c273 ruleSets:[c187 skipPreviewDisabled:b
         previewTimeOutSeconds:i singleNumberPreview:b contactSort:c274 contactSorts:[c274 noAnswerTimeout:i
         callAnalysisLanguage:s priority:i contactListFilters:[c187 division:c187 agentOwnedColumn:s
         additionalProperties:{o id:s name:s dateCreated:t dateModified:t version:i
        campaign:c187 numberOfContactsCalled:f numberOfContactsMessaged:f totalNumberOfContacts:f percentage:i
         numberOfContactsSkipped:{i additionalProperties:{o
        campaign:c187 contactList:c187 totalSkillCombinations:i totalRemainingContacts:i totalProcessedContacts:i
         skillCombinationDetails:[c275
        contactList:c187 contactListColumns:[s clauses:[c276 filterType:e55 additionalProperties:{o id:s name:s
         dateCreated:t dateModified:t version:i
        columnNames:[s phoneColumns:[c277 emailColumns:[c272 importStatus:c66 previewModeColumnName:s
         previewModeAcceptedValues:[s size:i attemptLimits:c187 automaticTimeZoneMapping:b zipCodeColumnName:s
         division:c187 additionalProperties:{o id:s name:s dateCreated:t dateModified:t version:i
        importState:e56 totalRecords:i completedRecords:i percentageComplete:i failureReason:s
         targetContactListIds:[s listNamePrefix:s additionalProperties:{o
        importStatus:c66 size:i dncSourceType:e57 loginId:s dncCodes:[s licenseId:s contactMethod:e58 division:c187
         additionalProperties:{o id:s name:s dateCreated:t dateModified:t version:i
        eventTime:i conversationId:s outboundCampaignType:e59 emailAttributes:c278 wrapupCode:e60
         outboundCampaignId:s divisionId:s contentTemplateId:s outboundContactListId:s outboundContactId:s
         isCampaignAlwaysRunning:b
        eventTime:i outboundCampaignType:e59 emailAttributes:c278 wrapupCode:e61 outboundCampaignId:s divisionId:s
         contentTemplateId:s outboundContactListId:s outboundContactId:s isCampaignAlwaysRunning:b
        campaignStatus:e62 callableTimeSet:c187 contactList:c187 dncLists:[c187 contactListFilters:[c187
         alwaysRunning:b contactSorts:[c274 messagesPerMinute:i ruleSets:[c187 smsConfig:c279 emailConfig:c280
         whatsAppConfig:c281 errors:[c282 id:s name:s dateCreated:t dateModified:t version:i division:c187
        eventTime:i conversationId:s outboundCampaignType:e59 smsAttributes:c283 wrapupCode:e60 outboundCampaignId:s
         divisionId:s contentTemplateId:s outboundContactListId:s outboundContactId:s isCampaignAlwaysRunning:b
        eventTime:i outboundCampaignType:e59 smsAttributes:c283 wrapupCode:e63 outboundCampaignId:s divisionId:s
         contentTemplateId:s outboundContactListId:s outboundContactId:s isCampaignAlwaysRunning:b
        eventTime:i voiceAttributes:c284 wrapupCode:s outboundCampaignId:s dialingMode:e64 agentScriptId:s
         divisionId:s outboundContactListId:s outboundContactListFilterId:s outboundQueueId:s outboundContactId:s
         isCampaignAlwaysRunning:b isCampaignSkillBased:b isCampaignDynamicSorting:b isCampaignDynamicFiltering:b
         outboundCampaignHealthMask:i isReCall:b scheduledDateTime:s conversationId:s isRightPartyContact:b
         callAnalysisDisposition:s agentId:s isPreviewAutoEnded:b
        eventTime:i voiceAttributes:c284 wrapupCode:s outboundCampaignId:s dialingMode:e64 agentScriptId:s
         divisionId:s outboundContactListId:s outboundContactListFilterId:s outboundQueueId:s outboundContactId:s
         isCampaignAlwaysRunning:b isCampaignSkillBased:b isCampaignDynamicSorting:b isCampaignDynamicFiltering:b
         outboundCampaignHealthMask:i isReCall:b scheduledDateTime:s isFinal:b conversationId:s
        responses:{c285 beepDetectionEnabled:b additionalProperties:{o id:s name:s dateCreated:t dateModified:t
         version:i
        contactList:c187 queue:c187 rules:[c286 additionalProperties:{o id:s name:s dateCreated:t dateModified:t
         version:i
        intervals:[c287 recurrences:[c288 timeZone:s campaign:c187 additionalProperties:{o id:s name:s dateCreated:t
         dateModified:t version:i
        intervals:[c287 recurrences:[c288 timeZone:s emailCampaign:c187 additionalProperties:{o id:s name:s
         dateCreated:t dateModified:t version:i
        intervals:[c287 recurrences:[c288 timeZone:s messagingCampaign:c187 additionalProperties:{o id:s name:s
         dateCreated:t dateModified:t version:i
        intervals:[c287 recurrences:[c288 timeZone:s sequence:c187 additionalProperties:{o id:s name:s dateCreated:t
         dateModified:t version:i
        intervals:[c287 recurrences:[c288 timeZone:s whatsAppCampaign:c187 additionalProperties:{o id:s name:s
         dateCreated:t dateModified:t version:i
        campaigns:[c187 currentCampaign:i status:e65 stopMessage:s repeat:b additionalProperties:{o id:s name:s
         dateCreated:t dateModified:t version:i
        maxCallsPerAgent:i maxLineUtilization:f abandonSeconds:f complianceAbandonRateDenominator:e66
         automaticTimeZoneMapping:c289 id:s name:s dateCreated:t dateModified:t version:i
        eventTime:i voiceAttributes:c284 wrapupCode:s outboundCampaignId:s dialingMode:e64 agentScriptId:s
         divisionId:s outboundContactListId:s outboundContactListFilterId:s outboundQueueId:s outboundContactId:s
         isCampaignAlwaysRunning:b isCampaignSkillBased:b isCampaignDynamicSorting:b isCampaignDynamicFiltering:b
         outboundCampaignHealthMask:i isReCall:b scheduledDateTime:s conversationId:s isRightPartyContact:b
         callAnalysisDisposition:s agentId:s
        eventTime:i conversationId:s outboundCampaignType:e59 whatsAppAttributes:c290 wrapupCode:e60
         outboundCampaignId:s divisionId:s contentTemplateId:s outboundContactListId:s outboundContactId:s
         isCampaignAlwaysRunning:b
        eventTime:i outboundCampaignType:e59 whatsAppAttributes:c290 wrapupCode:e67 outboundCampaignId:s
         divisionId:s contentTemplateId:s outboundContactListId:s outboundContactId:s isCampaignAlwaysRunning:b
        id:s name:s dateCreated:t dateModified:t version:i defaultSet:[s mapping:{[s
        id:s conversationId:s agent:c291 evaluator:c291 eventTime:t evaluationFormId:s formName:s scoringSet:c292
         contextId:s status:e68 agentHasRead:b releaseDate:t assignedDate:t changedDate:t eventType:s resourceId:s
         resourceType:s divisionIds:[s rescore:b conversationDate:t mediaType:[s calibration:c202
         evaluationSource:c293 assigneeUserId:s previousAssigneeUserId:s assigneeApplicable:b evaluationContextId:s
         disputeCount:i version:i previousStatus:e68 declinedReview:b retractedEvaluation:c202 rescoreCount:i
         evaluatorCommentHasUpdated:b agentCommentHasUpdated:b previousRescoreCount:i previousEvaluatorUserId:s
        id:s maxParticipants:i participants:[c294 recentTransfers:[c295 recordingState:s address:s externalTag:s
         utilizationLabelId:s accessAttributes:[s securePause:b inactivityTimeout:t associatedConversation:c190
         consultationConversations:[c190 divisions:[c296
        id:s name:s participants:[c297 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s name:s participants:[c298 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296 recordingState:e69 securePause:b maxParticipants:i
        id:s name:s participants:[c299 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s name:s participants:[c300 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s name:s participants:[c301 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s name:s participants:[c302 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s name:s participants:[c303 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s user:c202 queueId:s joined:b additionalProperties:{o
        conversationId:s queueIds:[s divisionIds:[s flowIds:[s agents:[c304
        conversationId:s sentimentOverallScore:f sentimentTrendScore:f queueIds:[s divisionIds:[s flowIds:[s
        conversationId:s communicationId:s recordingId:s transcriptId:s mediaType:s programId:s topics:[c305
         participants:[c306
        organizationId:s conversationId:s mediaType:e70 transcriptIds:[s categoryIds:[s
        id:s state:e71 testTopicPhraseResults:[c307 genAIPhrasesResults:[s
        organizationId:s jobId:s jobStatus:e72 processedInteractionsCount:i failedInteractionsCount:i
         totalInteractions:i
        channelId:s systemTopicType:e73 correlationId:s organizationId:s userId:s oauthClientId:s oauthClientOrgId:s
         reason:e74 message:s data:{o
        id:s name:s typeId:s description:s languageId:s priority:i dateCreated:s dateModified:s dateDue:s
         dateExpires:s dateAssignmentStateChanged:s durationSeconds:i ttl:i statusId:s statusCategory:e75
         dateClosed:s workbinId:s reporterId:s assigneeId:s externalContactId:s externalTag:s wrapupId:s
         modifiedBy:s operation:e76 changes:[c308 propertyChanges:[c192 assignmentState:e77 assignmentId:s
         alertTimeoutSeconds:i queueId:s customFields:{c309 wrapup:c310 sessions:[c311 skillIds:[s scriptId:s
         workbinName:s typeName:s preferredAgentIds:[s divisionId:s scoredAgents:[c312 utilizationLabelId:s caseId:s
        userAgentInfo:c313 id:s status:c314 secondaryStatus:c314
        id:s connectedStatus:c315 optionsStatus:[c316 registersStatus:[c317 ipStatus:c318
        calls:c319 eventTime:t qos:c320 trunk:c187
        id:s onlineStatus:e78
        id:s errorInfo:c321
        edge:c187 eventTime:t upTimeMsec:i processors:[c322 memory:[c323 disks:[c324 subsystems:[c325 networks:[c326
        id:s status:e79 downloadStartTime:t executeStartTime:t executeStopTime:t
        id:s routingStatus:c327 presence:c328 outOfOffice:c329 activeQueueIds:[s dateActiveQueuesChanged:t
        rule:c330 id:s userId:s notifications:[c331 dateStart:t dateEnd:t conditions:c332 additionalProperties:{s
         active:b unread:b muted:b snoozed:b dateMutedUntil:t dateSnoozedUntil:t action:e80 alertSummary:c333
         sendExitingAlarmNotification:b
        id:s userId:s name:s type:e81 notifications:[c331 conditions:c332 enabled:b inAlarm:b action:e82
         dateCreated:t sendExitingAlarmNotification:b waitBetweenNotificationMs:i
        id:s runId:s name:s status:e83 exportFormat:e84 downloadUrl:s viewType:e85 exportErrorMessagesType:e86
         read:b createdDateTime:t modifiedDateTime:t percentageComplete:f emailStatuses:{s emailErrorDescription:s
         scheduleExpression:s scheduleStaticLinkUrl:s exportAllowedToRerun:b
        entity:c334 unreadCount:i lastUnreadNotificationDate:t
        user:c202 enabled:b calls:[c335 voicemail:s modifiedDate:t
        conversationId:s normalizedMessage:c336
        id:s name:s participants:[c337 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        createdDate:t summaryId:s sessionId:s userId:s summarySettingsId:s language:s mediaType:e17 summary:c194
         reason:c195 resolution:c195 followupActions:[c195 extractedEntities:[c197 errorType:e18 durationMs:i
        id:s name:s participants:[c338 otherMediaUris:[s address:s utilizationLabelId:s accessAttributes:[s
         inactivityTimeout:t divisions:[c296
        id:s conversationId:s fileState:s mediaUris:[c339 estimatedTranscodeTimeMs:i actualTranscodeTimeMs:i
        userId:s call:c340 callback:c340 email:c340 message:c340 chat:c340 socialExpression:c340 video:c340
        id:s recipient:c202 createdBy:c202 dateCreated:s type:e87 title:s note:s sourceEntity:c341
        id:s name:s dateCreated:t dateModified:t workspace:c202 createdBy:c187 contentType:s contentLength:i
         filename:s changeNumber:i dateUploaded:t uploadedBy:c187 lockInfo:c203 selfUri:s callerAddress:s
         receiverAddress:s read:b
        userId:s type:s country:s region:s city:s
        userId:s eventType:e88 source:s modifiedDate:t presenceDefinition:c342 message:s currentDisplaySourceId:s
         previousDisplaySourceId:s futurePresenceDefinition:c342
        externalUserId:s genesysUserId:s trigger:e89 eventType:e90 eventTime:t responseStatus:e91 meetingId:s
        uri:s exportTimestamp:s additionalProperties:{o
        user:c202 active:b indefinite:b startDate:t endDate:t
        errorInfo:c343 stationId:s userId:s persistentState:e92 eventTime:t
        source:s presenceDefinition:c342 primary:b message:s modifiedDate:t futurePresenceDefinition:c342
        id:s routingStatus:c327 errorInfo:c344
        associatedStation:c345
        user:c187 ipAddress:s dateCreated:s tokenExpirationDate:s sessionId:s clientId:s tokenHash:s
        id:s name:s dateCreated:t dateModified:t workspace:c202 createdBy:c187 contentType:s contentLength:i
         filename:s changeNumber:i dateUploaded:t uploadedBy:c187 lockInfo:c203 selfUri:s durationMillieconds:i
         conversation:c202 read:b
        id:s read:b audioRecordingDurationSeconds:i audioRecordingSizeBytes:i createdDate:t modifiedDate:t
         createdDateString:s callerAddress:s callerName:s action:s note:s deleted:b modifiedByUserId:s
         copiedTo:[c346 copiedFrom:c346 modifiedDateString:s
        id:s name:s markedAsRead:b actionType:e93 relationship:e94 appointment:c202 dateStart:t lengthInMinutes:i
         status:e95
        id:s user:c202 module:c187 version:i state:e96 dateRecommendedForCompletion:t createdBy:c202 dateCreated:t
         modifiedBy:c202 dateModified:t isOverdue:b lengthInMinutes:i percentageScore:f isPassed:b type:e97
        user:c202 managementUnitId:s businessUnitId:s team:c187 scheduledActivityCategory:s
         scheduledActivityCode:c347 systemPresence:s organizationSecondaryPresenceId:s routingStatus:e98
         actualActivityCategory:s isOutOfOffice:b adherenceState:e99 impact:s adherenceExplanation:c348
         adherenceChangeTime:t presenceUpdateTime:t activeQueues:[c202 activeQueuesModifiedTime:t
         removedFromManagementUnit:b suppressOnTimeReminder:b nextActivityReminders:[c349
        id:s type:e100 status:e101 adherenceExplanation:c162 downloadUrl:s error:c350
        jobId:s queryState:e102 downloadUrls:[s result:c351
        id:s downloadUrls:[s queryState:e102
        operationId:s status:e103 downloadUrl:s error:c350
        id:s type:e104 status:e101 downloadUrl:s error:c350
        id:s downloadUrl:s downloadUrls:[s queryState:e103
        id:s entities:[c352 status:e101 error:c350
        id:s mutableGroupId:s timestamp:t type:e105 shiftTrade:c353 timeOffRequest:c354 adherenceExplanation:c355
         alternativeShift:c356 agentNotification:b otherNotificationIdsInGroup:[s markedAsRead:b
        operationId:s downloadUrl:s state:e103 error:c350
        user:c202 startDate:t endDate:t updates:[c357
        id:s type:e106 status:e101 trade:c358 weekSummaries:c359 downloadUrl:s error:c350
        operationId:s downloadUrls:[s state:e102
        id:s entities:[c360 status:e101 error:c350
        id:s user:c202 isFullDayRequest:b markedAsRead:b activityCodeId:s paid:b status:e107 substatus:e108
         partialDayStartDateTimes:[s fullDayManagementUnitDates:[s fullDayEarliestStartOffsetMinutes:[i
         fullDayLatestEndOffsetMinutes:[i dailyDurationMinutes:i durationMinutes:[i payableMinutes:[i notes:s
         reviewedDate:s reviewedBy:s submittedDate:s submittedBy:s modifiedDate:s modifiedBy:s
        conversationId:s conferenceId:s participantInfo:c361
        id:s version:s status:e109
        id:s configuration:c157 status:e109
        conversationId:s deploymentId:s participantId:s externalContactId:s communicationId:s sessionExpiry:i
         messages:[c362 eventTimeMs:i
        entities:[c363 total:i
        requestingUser:c202 destinationManagementUnit:c202 results:[c364
        id:s agent:c202 managementUnit:c202 businessUnit:c202 type:e110 status:e111 startDate:t lengthMinutes:i
         notes:s reviewedBy:c202 reviewedDate:t
        id:s type:e112 activityPlan:c365 status:e101 exceptions:[c366 error:c350
        capacityPlan:c202 businessUnit:c202 status:e103 referenceBusinessUnitDate:t granularity:e113 downloadUrl:s
         errorCode:e114
        """#
}
