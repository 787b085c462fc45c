// Derived from the Genesys Cloud platform SDK for Python 257.1.0 (MyPureCloud/platform-client-sdk-python,
// commit f80f2db2c783). MIT License, Copyright (c) Genesys Cloud Services, Inc.

extension SchemaTable {
    /// Classes of event bodies. See ``SchemaTable`` for the notation.
    static let classesSecond = #"""
        businessUnitId:s state:e103 forecast:c367 weekCount:i intervalLengthMinutes:i referenceStartDate:t
         results:[c368
        exportType:s businessUnitId:s id:s status:e115 downloadUrl:s error:c350
        status:e103 operationId:s eventType:e116 result:c369
        status:e103 operationId:s result:c370
        status:e103 result:c371 operationId:s
        status:e103 result:c371 operationId:s progress:i
        id:s buId:s status:e117 bidType:e118 bidWindowStartDate:s bidWindowEndDate:s effectiveDate:s
         agentRankingType:e119 rankingTiebreakerType:e120 workPlanFieldsVisibleToAgents:[s
        id:s state:e121 entities:[c372 disallowedEntities:[c373
        status:e122
        requestId:s dateImportStarted:t dateImportEnded:t dateCreated:t dateModified:t status:e123 error:s active:b
         type:e124 fileName:s fileSize:i
        businessUnit:c202 status:e103
        status:e103
        status:e103 operationId:s downloadUrl:s percentComplete:i eventType:e125
        status:e103 operationId:s result:c374 weekDate:t
        scheduleId:s weekDate:s downloadUrl:s state:e103 error:c350
        operationId:s businessUnitId:s downloadUrl:s
        agentRank:i proposedAgentId:s
        agentScore:i scoredAgentId:s
        interval:s metrics:[c375
        flowOutcome:s flowOutcomeId:s flowOutcomeValue:s
        mediaType:s data:[c376
        id:s name:s homeOrg:c377
        id:s name:s
        id:s complete:b user:c186 client:c187 actionName:e126 actionStatus:e127 errorMessage:s errorCode:s
         errorMessageParams:c378 errorDetails:[c379
        id:s name:s selfUri:s
        id:s selfUri:s
        localizableMessageCode:s message:s messageWithParams:s messageParams:{s
        property:s oldValues:[s newValues:[s
        userId:s purpose:e128
        text:s score:f
        text:s description:s score:f
        text:s description:s resolutionValue:s score:f
        label:s value:s
        wrapUpCodeId:s name:s description:s score:f
        sourceType:e129 sourceId:s sourceOutcome:e130
        startDate:t endDate:t intervalLengthMinutes:i intradayDataGroupings:[c380 categories:[s noDataReason:s
         schedule:c381 shortTermForecast:c367
        interval:s status:e131 slot:c382 hasConflict:b
        id:s
        lockedBy:c187 dateCreated:t dateExpires:t
        triggerType:e132 triggerDate:t intentName:s intentId:s
        id:s participant:e133
        id:s name:s description:s stateFromModel:e134 stateFromAgent:e134 dateLastModifiedByModel:t
         dateLastModifiedByAgent:t automatedCheckEnabled:b important:b lastModifiedInAcw:b
        rating:e135
        intent:s intentId:s confidence:f detectedSlots:[c383
        queueId:s mediaType:e136 userId:s externalContactId:s assistantId:s utteranceId:s messageId:s
         queryStatement:s language:s
        title:s uri:s snippets:[s metadata:{s documentId:s versionId:s variationIds:[s knowledgeAnswer:c384
        title:s uri:s snippets:[s confidence:f metadata:{s searchId:s documentId:s versionId:s variationIds:[s
         knowledgeAnswer:c384
        responseId:s libraryId:s
        scriptId:s pageId:s data:{s
        text:s
        utteranceId:s isFinal:b channel:e137 alternatives:[c385 agentAssistantId:s engineProvider:s engineId:s
         engineName:s dialect:s speechTextAnalyticsProgramId:s agentAssistEnabled:b voiceTranscriptionEnabled:b
        offsetMs:i status:e138
        entityJid:s entityId:s entityType:e139
        id:s mediaType:e28
        sessionId:s sessionIdType:s actionId:s actionMapId:s
        milestoneId:s milestoneTime:i
        display:s extension:i acceptsSMS:b userInput:s e164:s countryCode:s normalizationCountryCode:s
        address1:s address2:s city:s state:s postalCode:s countryCode:s
        id:s name:s screenName:s verified:b profileUrl:s
        ids:[c386 displayName:s
        phoneNumber:c221 displayName:s
        ids:[c387 displayName:s
        ids:[c387 displayName:s handle:s
        externalSource:c202 value:s
        value:s
        id:s version:i
        sourceContactId:s targetContactId:s resultingContactId:s
        id:s selfUri:s type:s
        segment:c190 assignmentState:e140 dateAssigned:t dateForUnassignment:t
        outcome:c190 achievedDate:t
        segment:c190 assignedDate:t
        family:s version:s lang:s fingerprint:s viewHeight:i viewWidth:i featuresFlash:b featuresJava:b
         featuresPdf:b featuresWebrtc:b
        type:s isMobile:b screenHeight:i screenWidth:i screenDensity:i fingerprint:s osFamily:s osVersion:s
         category:e141 manufacturer:s
        country:s countryName:s latitude:f longitude:f locality:s postalCode:s region:s regionName:s timezone:s
         source:s
        url:s title:s domain:s fragment:s hostname:s keywords:s lang:s pathname:s queryString:s breadcrumb:[s
        content:s medium:s name:s source:s term:s clickId:s network:s
        url:s domain:s hostname:s keywords:s pathname:s queryString:s fragment:s name:s medium:e142
        id:s eventName:s createdDate:t
        code:s notes:s user:c190
        type:e143 messageType:e144 platform:s
        name:s namespace:s version:s buildNumber:s
        name:s version:s
        carrier:s bluetoothEnabled:b cellularEnabled:b wifiEnabled:b
        caseId:s caseReference:s dateAssociated:t
        symbol:s exchange:s
        reason:s executionId:s objectId:s
        objectType:s objectId:s outputPathId:s executionId:s startDateTime:t error:c250 warning:c250 languageTag:s
        flow:c388 journeyActionMap:c389 processAutomation:c390 quality:c391 workitem:c392
        metric:c202 points:i value:f punctualityEvents:[c393 evaluationDetails:[c394
        durationMilliseconds:i sizeBytes:i
        body:o headers:{[s query:{[s
        action:c202 actionTarget:c190 actionMap:c190 errorCode:s errorMessage:s userAgentString:s ipAddress:s
         ipOrganization:s browser:c236 device:c237 geolocation:c238 mktCampaign:c240 visitReferrer:c241
         timeToDisposition:i
        action:c202 actionMap:c190 actionTarget:c190 blockingReason:e145 blockingActionMap:c190 blockingAction:c202
         blockingFrequencyCapBehaviour:e146 blockingPageUrlConditions:[c395 blockingScheduleGroup:c190
         blockingEmergencyScheduleGroup:c190
        eventName:s screenName:s app:c245 device:c237 ipAddress:s ipOrganization:s geolocation:c238 sdkLibrary:c246
         networkConnectivity:c247 mktCampaign:c240 searchQuery:s attributes:{c396 traits:{c396
        outcome:c397 browser:c236 visitCreatedDate:t ipAddress:s ipOrganization:s userAgentString:s device:c237
         geolocation:c238 mktCampaign:c240 visitReferrer:c241 associatedValue:c398
        action:c399 actionTarget:c190 actionMap:c400 errorCode:s errorMessage:s userAgentString:s ipAddress:s
         ipOrganization:s browser:c236 device:c237 geolocation:c238 mktCampaign:c240 visitReferrer:c241
         timeToDisposition:i
        outcome:c401 browser:c236 visitCreatedDate:t ipAddress:s ipOrganization:s userAgentString:s device:c237
         geolocation:c238 mktCampaign:c240 visitReferrer:c241 associatedValue:c398
        outcome:c401 outcomeTouchpoints:[c402 segmentAssignments:[c403 associatedValue:c398
        eventName:s totalEventCount:i totalPageviewCount:i userAgentString:s ipAddress:s ipOrganization:s
         searchQuery:s authenticated:b browser:c236 device:c237 geolocation:c238 mktCampaign:c240 page:c239
         referrer:c241 attributes:{c396 traits:{c396
        category:e147 version:s
        mediaType:e148 forecastDataPerInterval:[c404 scheduleDataPerInterval:[c405
         historicalAgentDataPerInterval:[c406 historicalQueueDataPerInterval:[c407
         performancePredictionAgentDataPerInterval:[c408 performancePredictionQueueDataPerInterval:[c409
        id:s name:s description:s
        nbrAttempts:i minutesBetweenAttempts:i additionalProperties:{o
        timeSlots:[c410 timeZoneId:s additionalProperties:{o
        campaigns:[c187 sequences:[c187
        id:s parameters:{s conditionType:e149 additionalProperties:{o
        id:s parameters:{s actionType:e150 campaignRuleActionEntities:c411 additionalProperties:{o
        columnName:s type:s additionalProperties:{o
        error:s details:s additionalProperties:{o
        fieldName:s direction:e151 numeric:b additionalProperties:{o
        skillCombination:[s totalCount:i processedCount:i completionPercentage:f
        filterType:e55 predicates:[c412 additionalProperties:{o
        columnName:s type:s callableTimeColumn:s additionalProperties:{o
        emailSubject:s configuredEmailAddress:s contactEmailAddress:s replyToAddress:s contactEmailColumnName:s
        messageColumn:s phoneColumn:s senderSmsPhoneNumber:c413 contentTemplate:c202
        emailColumns:[s contentTemplate:c202 fromAddress:c414 replyToAddress:c415
        whatsAppColumns:[s integration:c202 contentTemplate:c202
        error:s details:s
        contactPhoneNumber:s contactPhoneNumberColumnName:s configuredSenderPhoneNumber:s senderPhoneNumber:s
        contactPhoneNumber:s contactPhoneType:e152 callerIdPhoneNumber:s callerIdName:s agentOwnedColumnName:s
         previewModeColumnName:s isDeliveredAsPreview:b
        data:s name:s reactionType:e153 additionalProperties:{o
        conditions:[c416 additionalProperties:{o id:s name:s order:i category:e154 actions:[c417
        start:s end:s additionalProperties:{o
        id:s start:s end:s timeZone:s range:c418 pattern:c419 alterations:[c420 additionalProperties:{o
        callableWindows:[c421
        contactPhoneNumber:s contactWhatsAppColumnName:s whatsAppIntegrationId:s
        id:s displayName:s
        totalScore:i totalCriticalScore:i
        evaluationSourceType:s evaluationSourceId:s evaluationSourceName:s
        id:s connectedTime:t endTime:t userId:s externalContactId:s externalContactInitialDivisionId:s
         externalOrganizationId:s name:s queueId:s groupId:s teamId:s purpose:s consultParticipantId:s address:s
         wrapupRequired:b wrapupExpected:b wrapupPrompt:s wrapupTimeoutMs:i wrapup:c422 startAcwTime:t endAcwTime:t
         conversationRoutingData:c423 alertingTimeoutMs:i monitoredParticipantId:s screenMonitoredParticipantId:s
         coachedParticipantId:s bargedParticipantId:s mediaRoles:[s screenRecordingState:e155 flaggedReason:s
         attributes:{s calls:[c424 callbacks:[c425 chats:[c426 cobrowsesessions:[c427 emails:[c428 messages:[c429
         internalMessages:[c430 screenMonitorings:[c431 screenshares:[c432 socialExpressions:[c433 videos:[c434
         workflow:c435
        id:s state:e156 dateIssued:t initiator:c386 modifiedBy:c190 destination:c436 transferType:e157
        division:c190 entities:[c437
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 outboundPreview:c441 voicemail:c442 callbackNumbers:[s callbackUserName:s
         skipEnabled:b externalCampaign:b timeoutSeconds:i callbackScheduledTime:t automatedCallbackConfigId:s
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 muted:b confined:b recording:b recordingState:e69 recordersState:c443
         disposition:c444 transferSource:s securePause:b group:c187 ani:s dnis:s documentId:s
         monitoredParticipantId:s coachedParticipantId:s bargedParticipantId:s bargedTime:t consultParticipantId:s
         faxStatus:c445
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 roomId:s avatarImageUrl:s
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 cobrowseSessionId:s cobrowseRole:s viewerUrl:s providerEventTime:t controlling:[s
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 subject:s messagesSent:i autoGenerated:b messageId:s draftAttachments:[c446 spam:b
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 messages:[c447 type:e160 recipientCountry:s recipientType:s byoSmsIntegrationId:s
         engagementSource:s monitoredParticipantId:s
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 context:s peerCount:i sharing:b
        agentId:s overallEmpathyScore:f
        participant:s topicId:s topicName:s
        userId:s queueId:s divisionId:s purpose:s flowId:s
        processedTranscriptsCount:i matchedTranscriptsCount:i matchedTranscripts:[c448
        op:e161 field:s oldValue:s newValue:s
        dataType:e162 value:s
        code:s userId:s op:e163 action:e163
        type:e164 id:s status:e165 dateSessionStart:s dateSessionEnd:s assignmentSegments:[c449
        id:s score:i
        firmwareVersion:s manufacturer:s model:s
        id:s operationalStatus:e166 edge:c189 provision:c450 lineStatuses:[c451 eventCreationTime:t
        connected:b connectedStateTime:t
        proxyAddress:s optionState:b optionStateTime:t errorInfo:c452
        proxyAddress:s registerState:b registerStateTime:t errorInfo:c452
        address:s errorInfo:c452
        inboundCallCount:i outboundCallCount:i
        mismatchCount:i
        message:s messageWithParams:s messageParams:{s code:s
        cpuId:s idleTimePct:i activeTimePct:i privilegedTimePct:i userTimePct:i
        type:s availableBytes:i totalBytes:i
        partitionName:s availableBytes:i totalBytes:i
        processName:s delayMs:i mediaSubsystem:c453
        ifname:s sentBytesPerSec:i receivedBytesPerSec:i bandwidthBitsPerSec:i utilizationPct:f
        status:e167 startTime:t
        presenceDefinition:c342 presenceMessage:s modifiedDate:t
        active:b modifiedDate:t
        id:s name:s type:e81
        recipient:c454 notificationTypes:[s locale:s
        id:s clauses:[c332 predicates:[c455 type:e168
        entities:[c456 conversation:c202 metricType:e169 isTeamMemberRuleSummary:b teamMemberRuleSummary:b
        jabberId:s
        targets:[c457
        channel:c458 type:e170 events:[c459 direction:e171
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 socialMediaId:s socialMediaHub:s socialUserName:s previewText:s
        id:s name:s address:s startTime:t connectedTime:t endTime:t startHoldTime:t purpose:s state:e158
         initialState:e158 direction:e4 disconnectType:e159 held:b wrapupRequired:b wrapupPrompt:s user:c187
         queue:c187 team:c187 attributes:{s errorInfo:c438 script:c187 wrapupTimeoutMs:i wrapupSkipped:b
         alertingTimeoutMs:i provider:s externalContact:c187 externalContactInitialDivisionId:s
         externalOrganization:c187 wrapup:c422 conversationRoutingData:c423 peer:s screenRecordingState:s
         flaggedReason:e6 journeyContext:c439 startAcwTime:t endAcwTime:t resumeTime:t parkTime:t mediaRoles:[s
         queueMediaSettings:c440 audioMuted:b videoMuted:b sharingScreen:b peerCount:i context:s msids:[s
        channelId:s waveUri:s mediaUri:s waveformData:[f
        contactCenter:c460 enterprise:c460
        id:s type:e172 contestCompleteData:c461
        id:s systemPresence:s
        text:s code:s userMessage:s userParams:{s nestedErrorDetails:[c462
        errorCode:s status:i correlationId:s userMessage:s userParamsMessage:s userParams:[c463
        id:s name:s associatedUser:c202
        user:c202 group:c202
        id:s secondaryPresences:[c202
        id:s startDate:t lengthMinutes:i status:e111
        activityCategory:s startDate:t
        status:i code:s message:s messageParams:{s
        user:c202 startDate:t endDate:t calculationsCompletedDate:t targetAdherencePercentage:f
         adherencePercentage:f conformancePercentage:f impact:e173 exceptionInfo:[c464 dayMetrics:[c465
         actuals:[c466 scheduledActivities:[c467 secondaryPresenceLookupItems:[c468
        id:s name:s secondaryId:s
        weekDate:s tradeId:s oneSided:b newState:e174 initiatingUser:c202 initiatingShiftDate:t receivingUser:c202
         receivingShiftDate:t
        timeOffRequestId:s user:c202 isFullDayRequest:b status:e107 partialDayStartDateTimes:[t
         fullDayManagementUnitDates:[s
        id:s agent:c202 managementUnit:c202 businessUnit:c202 startDate:t lengthMinutes:i status:e111 type:e110
         notes:s
        id:s weekDate:t granularity:e175 newState:e176 initiatingUser:c202 initiatingShiftDate:t receivingUser:c202
         receivingShiftDate:t
        type:e177 shiftStartDates:[t
        id:s state:e178 expirationDate:s acceptableIntervals:[c469 oneSided:b initiating:c470 receiving:c470
         targetUserId:s reviewedBy:s reviewedDate:s metadata:c471
        weeks:[c472
        activityCodeId:s hrisTimeOffTypeId:s hrisTimeOffTypeSecondaryId:s startDate:t balanceMinutesPerDay:[i
        activeParticipantCount:i version:i
        id:s eventTimeMs:i
        module:c187
        user:c202 result:e179
        id:s occurrences:[c473
        exceptionType:e180 occurrences:[c473
        id:s weekDate:s description:s
        weekNumber:i downloadUrl:s downloadUrlExpirationDate:t
        id:s weekDate:t weekCount:i description:s published:b shortTermForecast:c367 managementUnits:[c474
         generationResults:c475 metadata:c476
        id:s percentComplete:f intradayRescheduling:b state:e181 weekCount:i schedule:c381 schedulingCanceledBy:c202
         schedulingCompletedTime:s messageCount:i messageSeverityCounts:[c477
        id:s weekDate:s creationMethod:e182 description:s legacy:b referenceStartDate:t sourceDays:[c478
         modifications:[c479 timeZone:s planningGroupsVersion:i weekCount:i metadata:c476 canUseForScheduling:b
        requestId:s status:e183
        requestId:s reason:e184
        entities:[c480
        metric:s qualifier:s stats:{f
        metric:e185 count:i calculatedMetricValue:i
        id:s name:s thirdPartyOrgName:s
        additionalProperties:{s
        errorCode:s entityId:s entityName:s fieldName:s
        mediaType:e148 forecastDataSummary:c481 forecastDataPerInterval:[c481 scheduleDataSummary:c482
         scheduleDataPerInterval:[c482 performancePredictionDataSummary:c483
         performancePredictionDataPerInterval:[c483
        id:s weekDate:t
        dateStart:s schedule:c484
        slotName:s entityType:s slotValue:s probability:f
        answer:s startIndex:i endIndex:i
        confidence:f offsetMs:i durationMs:i transcript:s words:[c485 decoratedTranscript:s decoratedWords:[c485
        userId:s
        scopedId:s
        flowExecutionId:s objectExecutionId:s
        actionMapId:s actionId:s
        triggerId:s triggerName:s
        policyId:s policyName:s
        workitemId:s workitemName:s
        dateStart:s dateScheduleStart:s activityCode:s activityColor:s activityName:s points:i
        evaluationId:s conversationId:s conversationDate:s formName:s points:i maxPoints:i evaluationScore:i
         evaluationScoreDouble:f mediaTypes:[s
        values:[s operator:e186
        value:s dataType:e187
        id:s selfUri:s displayName:s version:s
        dataType:e188 value:f
        id:s createdDate:t state:e189 mediaType:e190 prompt:s
        id:s selfUri:s displayName:s version:i
        id:s selfUri:s displayName:s
        id:s channels:[c486 createdDate:t actionMap:c190
        id:s selfUri:s assignedDate:t
        offered:f averageTalkTimeSeconds:f averageAfterCallWorkSeconds:f
        onQueueTimeSeconds:i scheduledTimeSeconds:i
        onQueueTimeSeconds:f interactingTimeSeconds:f
        offered:i completed:i answered:i abandoned:i averageTalkTimeSeconds:f averageAfterCallWorkSeconds:f
         serviceLevelPercent:f averageSpeedOfAnswerSeconds:f
        interactingTimeSeconds:f
        serviceLevelPercent:f averageSpeedOfAnswerSeconds:f numberOfInteractions:f
        startTime:s stopTime:s day:i additionalProperties:{o
        useTriggeringEntity:b additionalProperties:{o campaigns:[c187 sequences:[c187
        column:s columnType:e191 operator:e192 value:s range:c487 inverted:b additionalProperties:{o
        phoneNumber:s
        friendlyName:s localPart:s domain:c187
        domain:c187 route:c187
        dataAction:c187 additionalProperties:{o type:s inverted:b attributeName:s value:s valueType:e193
         operator:e194 codes:[s propertyType:e195 property:s dataNotFoundResolution:b contactIdField:s
         callAnalysisResultField:s agentWrapupField:s contactColumnToDataActionFieldMappings:[c488 predicates:[c489
        type:s actionTypeName:s updateOption:s properties:{s additionalProperties:{o
        type:e196 end:s numberOfOccurrences:i additionalProperties:{o
        type:e175 interval:i daysOfWeek:[s additionalProperties:{o
        type:e197 start:s end:s additionalProperties:{o
        mapped:c490 unmapped:c491
        code:s notes:s tags:[s durationSeconds:i endTime:t
        queue:c187 language:c187 priority:i skills:[c187 scoredAgents:[c492
        id:s state:e198 initialState:e198 recording:b recordingState:e69 recordersState:c443 muted:b confined:b
         held:b securePause:b errorInfo:c493 disconnectType:e199 startHoldTime:t direction:e200 documentId:s
         self:c494 other:c494 provider:s scriptId:s peerId:s connectedTime:t disconnectedTime:t
         disconnectReasons:[c495 faxStatus:c496 uuiData:s bargedTime:t wrapup:c422 afterCallWork:c497
         afterCallWorkRequired:b agentAssistantId:s queueMediaSettings:c440 disposition:c444 transferSource:s
        state:e201 initialState:e201 id:s direction:e4 held:b disconnectType:e199 startHoldTime:t dialerPreview:c441
         voicemail:c442 callbackNumbers:[s callbackUserName:s scriptId:s peerId:s externalCampaign:b skipEnabled:b
         provider:s timeoutSeconds:i connectedTime:t disconnectedTime:t callbackScheduledTime:t
         automatedCallbackConfigId:s wrapup:c422 afterCallWork:c497 afterCallWorkRequired:b callerId:s
         callerIdName:s queueMediaSettings:c440
        state:e202 initialState:e202 id:s provider:s scriptId:s peerId:s roomId:s avatarImageUrl:s held:b
         disconnectType:e199 startHoldTime:t connectedTime:t disconnectedTime:t journeyContext:c439 wrapup:c422
         afterCallWork:c497 afterCallWorkRequired:b queueMediaSettings:c440
        """#
}
