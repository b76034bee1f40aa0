/* Written by npm run protocol from the hub's OpenAPI document. */

export interface paths {
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Setup
         * @description Whether nobody exists yet.
         */
        get: operations["get_setup_api_setup_get"];
        put?: never;
        /**
         * Set Up
         * @description Make the centre and its administrator; only with the token that the hub printed.
         */
        post: operations["set_up_api_setup_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Session
         * @description Who is signed in.
         */
        get: operations["get_session_api_session_get"];
        put?: never;
        /**
         * Sign In
         * @description Sign in with a local account.
         */
        post: operations["sign_in_api_session_post"];
        /**
         * Sign Out
         * @description End this sign-in.
         */
        delete: operations["sign_out_api_session_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Propose Totp
         * @description A secret for an authenticator app; it counts once a code was confirmed.
         */
        post: operations["propose_totp_api_session_totp_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/totp/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Totp
         * @description From now on the code is asked for at sign-in.
         */
        post: operations["confirm_totp_api_session_totp_confirmation_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sites
         * @description Every site.
         */
        get: operations["list_sites_api_admin_sites_get"];
        put?: never;
        /**
         * Add Site
         * @description Add a site.
         */
        post: operations["add_site_api_admin_sites_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sites/{site_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Site
         * @description Rename a site or take it out of use.
         */
        patch: operations["change_site_api_admin_sites__site_id__patch"];
        trace?: never;
    };
    "/api/admin/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List People
         * @description Everybody and their roles.
         */
        get: operations["list_people_api_admin_people_get"];
        put?: never;
        /**
         * Add Person
         * @description Add somebody.
         */
        post: operations["add_person_api_admin_people_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/people/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Person
         * @description Change somebody; new roles or a new password end their sign-ins.
         */
        patch: operations["change_person_api_admin_people__person_id__patch"];
        trace?: never;
    };
    "/api/admin/devices/{device_id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Verify Device
         * @description Put a name to a device's table.
         */
        put: operations["verify_device_api_admin_devices__device_id__verification_put"];
        post?: never;
        /**
         * Withdraw Verification
         * @description The table counts as unverified again.
         */
        delete: operations["withdraw_verification_api_admin_devices__device_id__verification_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Limits
         * @description Limits and retention.
         */
        get: operations["get_limits_api_admin_limits_get"];
        /**
         * Put Limits
         * @description Change limits and retention.
         */
        put: operations["put_limits_api_admin_limits_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify Audit
         * @description Whether the chain of the audit record holds.
         */
        get: operations["verify_audit_api_admin_audit_verification_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description The audit record, newest first.
         */
        get: operations["list_audit_api_admin_audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Cases
         * @description Cases that you may see, the one that changed last first.
         */
        get: operations["list_cases_api_cases_get"];
        put?: never;
        /**
         * Refer Case
         * @description Open a case at a hospital.
         */
        post: operations["refer_case_api_cases_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Case
         * @description The case now.
         */
        get: operations["get_case_api_cases__case_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Events
         * @description What happened after event `after`.
         */
        get: operations["get_events_api_cases__case_id__events_get"];
        put?: never;
        /**
         * Append Event
         * @description Append one event; the same command again gets the first answer.
         */
        post: operations["append_event_api_cases__case_id__events_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Case
         * @description What happens from now on; after event `after` (or ``Last-Event-ID``) when one is given.
         */
        get: operations["stream_case_api_cases__case_id__stream_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be Present
         * @description Say what you are looking at; it is forgotten after 20 s.
         */
        post: operations["be_present_api_cases__case_id__presence_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Upload
         * @description Announce files; the answer says how much of each is there already.
         */
        post: operations["begin_upload_api_cases__case_id__uploads_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Upload
         * @description How much of each file is there.
         */
        get: operations["get_upload_api_uploads__upload_id__get"];
        put?: never;
        post?: never;
        /**
         * Cancel Upload
         * @description Forget an upload and its bytes.
         */
        delete: operations["cancel_upload_api_uploads__upload_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{upload_id}/files/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Part
         * @description Append raw bytes at `offset`; what is acknowledged is on the disk.
         */
        put: operations["put_part_api_uploads__upload_id__files__n__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{upload_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete Upload
         * @description Everything was sent: read it.
         */
        post: operations["complete_upload_api_uploads__upload_id__complete_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/series/{series_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Series
         * @description Geometry and identity of a series.
         */
        get: operations["get_series_api_series__series_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/series/{series_id}/slab": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Slab
         * @description Slices [k0, k1) of a level as int16.
         */
        get: operations["get_slab_api_series__series_id__slab_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/series/{series_id}/frames/{k}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Frame
         * @description HTJ2K code stream of a slice; with `skip` a prefix that decodes to 1/2 or 1/4 resolution and finer.
         */
        get: operations["get_frame_api_series__series_id__frames__k__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/structures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Structures
         * @description The latest version of each structure.
         */
        get: operations["list_structures_api_cases__case_id__structures_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/structures/{sha256}/mask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Mask
         * @description Packed bits of the bounding box.
         */
        get: operations["get_mask_api_structures__sha256__mask_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/structures/{sha256}/mesh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Mesh
         * @description Surface in LPS mm.
         */
        get: operations["get_mesh_api_structures__sha256__mesh_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/structures/{sha256}/distance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Distance
         * @description Signed distance field.
         */
        get: operations["get_distance_api_structures__sha256__distance_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/structures/{name}/mask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Mask
         * @description A new version of a structure; 412 with the current one when somebody was faster.
         */
        put: operations["put_mask_api_cases__case_id__structures__name__mask_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/segmentations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order Segmentation
         * @description Have structures proposed; each appears in the case as soon as it is there.
         */
        post: operations["order_segmentation_api_cases__case_id__segmentations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order Proposal
         * @description Have a plan proposed.
         */
        post: operations["order_proposal_api_cases__case_id__proposals_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order Evaluation
         * @description Have an edited plan measured; it becomes a new version.
         */
        post: operations["order_evaluation_api_cases__case_id__evaluations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/access-maps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order Access Map
         * @description Have the skin mapped.
         */
        post: operations["order_access_map_api_cases__case_id__access_maps_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/access-maps/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Access Map
         * @description Skin points with the slack over the tightest rule.
         */
        get: operations["get_access_map_api_cases__case_id__access_maps__sha256__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Plans
         * @description Versions, newest first.
         */
        get: operations["list_plans_api_cases__case_id__plans_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Plan
         * @description plan.json, byte for byte as it was signed.
         */
        get: operations["get_plan_api_plans__sha256__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{sha256}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Files
         * @description Names of the plan folder.
         */
        get: operations["list_files_api_plans__sha256__files_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{sha256}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get File
         * @description One file of the plan folder: books, DICOM, masks, template.
         */
        get: operations["get_file_api_plans__sha256__files__path__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{sha256}/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Template
         * @description Mesh of the puncture template.
         */
        get: operations["get_template_api_plans__sha256__template_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{sha256}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Diff
         * @description What differs between two versions, in words.
         */
        get: operations["get_diff_api_plans__sha256__diff__other__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Jobs
         * @description Jobs of a case, newest first.
         */
        get: operations["list_jobs_api_cases__case_id__jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job
         * @description One job.
         */
        get: operations["get_job_api_jobs__job_id__get"];
        put?: never;
        post?: never;
        /**
         * Cancel Job
         * @description Stop a job; it ends within ten seconds.
         */
        delete: operations["cancel_job_api_jobs__job_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Devices
         * @description The device library.
         */
        get: operations["list_devices_api_devices_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{device_id}/zone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Zone
         * @description Expected zone of a setting inside the table; never extrapolated.
         */
        get: operations["get_zone_api_devices__device_id__zone_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clearance-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Clearance Rules
         * @description Distances that a needle keeps.
         */
        get: operations["list_clearance_rules_api_clearance_rules_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fhir/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metadata
         * @description What this server can do; needs no sign-in.
         */
        get: operations["get_metadata_fhir_metadata_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fhir/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Resources
         * @description Resources of the cases that you may see.
         */
        get: operations["search_resources_fhir__kind__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fhir/{kind}/{logical_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Resource
         * @description One resource by its id.
         */
        get: operations["read_resource_fhir__kind___logical_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccessMapIn
         * @description A map of the skin to be made.
         */
        AccessMapIn: {
            /** Command Id */
            command_id: string;
            /** Series Id */
            series_id: string;
            /** Device Id */
            device_id: string;
            /** Target */
            target?: string | null;
        };
        /**
         * ActorShape
         * @description Who did it, in which role.
         */
        ActorShape: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
        };
        /**
         * Appended
         * @description The answer to a command: its event and the case right after it.
         */
        Appended: {
            /** Event */
            event: components["schemas"]["CaseReferredEvent"] | components["schemas"]["SeriesAddedEvent"] | components["schemas"]["StructureProposedEvent"] | components["schemas"]["StructureEditedEvent"] | components["schemas"]["PlanProposedEvent"] | components["schemas"]["PlanEditedEvent"] | components["schemas"]["PlanApprovedEvent"] | components["schemas"]["ConsentRecordedEvent"] | components["schemas"]["ChecklistAnsweredEvent"] | components["schemas"]["StructureReviewedEvent"] | components["schemas"]["PlanSubmittedEvent"] | components["schemas"]["OpinionGivenEvent"] | components["schemas"]["ObjectionAnsweredEvent"] | components["schemas"]["ObjectionWithdrawnEvent"] | components["schemas"]["PlanSignedEvent"] | components["schemas"]["TreatmentRecordedEvent"] | components["schemas"]["ReportFiledEvent"] | components["schemas"]["TaskAddedEvent"] | components["schemas"]["TaskDoneEvent"] | components["schemas"]["CaseClosedEvent"];
            case: components["schemas"]["CaseShape"];
        };
        /**
         * ApplicationIn
         * @description One delivery of energy on a needle.
         */
        ApplicationIn: {
            /** Needle */
            needle: string;
            /**
             * Tip Back Mm
             * @default 0
             */
            tip_back_mm: number;
            /** Power W */
            power_w: number;
            /** Time S */
            time_s: number;
        };
        /**
         * ApprovalState
         * @description The approval in force.
         */
        ApprovalState: {
            /** Plan Sha256 */
            plan_sha256: string;
            /** Binding Sha256 */
            binding_sha256: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * Bilingual
         * @description The same in Chinese and in English.
         */
        Bilingual: {
            /** Zh */
            zh: string;
            /** En */
            en: string;
        };
        /**
         * BlockShape
         * @description One reason why a plan may not be signed yet.
         */
        BlockShape: {
            /** Code */
            code: string;
            /** Zh */
            zh: string;
            /** En */
            en: string;
        };
        /**
         * CaseClosed
         * @description Nothing more is appended.
         */
        CaseClosed: {
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * CaseClosedCommand
         * @description Close the case.
         */
        CaseClosedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "case.closed";
            body: components["schemas"]["CaseClosed"];
        };
        /**
         * CaseClosedEvent
         * @description The case was closed.
         */
        CaseClosedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "case.closed";
            body: components["schemas"]["CaseClosed"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * CaseList
         * @description One page; `next` is the cursor of the following one.
         */
        CaseList: {
            /** Items */
            items: components["schemas"]["CaseSummary"][];
            /** Next */
            next: string | null;
        };
        /**
         * CaseReferred
         * @description A hospital opens a case.
         */
        CaseReferred: {
            /** Site Id */
            site_id: string;
            /** Site Name */
            site_name: string;
            /** Patient */
            patient: {
                [key: string]: string;
            };
            /** Modality */
            modality: string;
            /** Indication */
            indication: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * CaseReferredEvent
         * @description A hospital opened the case.
         */
        CaseReferredEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "case.referred";
            body: components["schemas"]["CaseReferred"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * CaseShape
         * @description Everything about a case.
         */
        CaseShape: {
            /** Id */
            id: string;
            /**
             * State
             * @enum {string}
             */
            state: "referred" | "imaging" | "structures" | "planning" | "mdt" | "approved" | "treated" | "follow_up" | "closed";
            patient: components["schemas"]["PatientShape"];
            site: components["schemas"]["SiteRef"];
            /** Modality */
            modality: string;
            /** Indication */
            indication: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Seq */
            seq: number;
            next_action: components["schemas"]["Bilingual"];
            consent: components["schemas"]["ConsentState"] | null;
            checklist: components["schemas"]["ChecklistState"] | null;
            /** Series */
            series: components["schemas"]["SeriesState"][];
            /** Structures */
            structures: components["schemas"]["StructureState"][];
            /** Plans */
            plans: components["schemas"]["PlanState"][];
            /** Opinions */
            opinions: components["schemas"]["OpinionState"][];
            /** Signatures */
            signatures: components["schemas"]["SignatureState"][];
            approval: components["schemas"]["ApprovalState"] | null;
            /** Treatments */
            treatments: components["schemas"]["TreatmentState"][];
            /** Reports */
            reports: components["schemas"]["ReportState"][];
            /** Tasks */
            tasks: components["schemas"]["TaskState"][];
        };
        /**
         * CaseSummary
         * @description A case in a list.
         */
        CaseSummary: {
            /** Id */
            id: string;
            /**
             * State
             * @enum {string}
             */
            state: "referred" | "imaging" | "structures" | "planning" | "mdt" | "approved" | "treated" | "follow_up" | "closed";
            patient: components["schemas"]["PatientShape"];
            site: components["schemas"]["SiteRef"];
            /** Modality */
            modality: string;
            /** Indication */
            indication: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Seq */
            seq: number;
            next_action: components["schemas"]["Bilingual"];
        };
        /**
         * ChecklistAnswered
         * @description All answers of the pre-operative checklist, by question.
         */
        ChecklistAnswered: {
            /** Answers */
            answers: {
                [key: string]: boolean | number | string | null;
            };
        };
        /**
         * ChecklistAnsweredCommand
         * @description Answer the checklist.
         */
        ChecklistAnsweredCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "checklist.answered";
            body: components["schemas"]["ChecklistAnswered"];
        };
        /**
         * ChecklistAnsweredEvent
         * @description The checklist was answered.
         */
        ChecklistAnsweredEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "checklist.answered";
            body: components["schemas"]["ChecklistAnswered"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * ChecklistState
         * @description The answers given last.
         */
        ChecklistState: {
            /** Answers */
            answers: {
                [key: string]: boolean | number | string | null;
            };
            answered_by: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * Code
         * @description A one-time code.
         */
        Code: {
            /** Code */
            code: string;
        };
        /**
         * Completion
         * @description How to read what was sent.
         */
        Completion: {
            /** Series */
            series?: string | null;
            /**
             * Confirm Identity
             * @default false
             */
            confirm_identity: boolean;
        };
        /**
         * ConsentRecorded
         * @description The patient has signed; the paper stays at the hospital.
         */
        ConsentRecorded: {
            /**
             * Signed On
             * Format: date
             */
            signed_on: string;
            /**
             * Document Note
             * @default
             */
            document_note: string;
        };
        /**
         * ConsentRecordedCommand
         * @description Record the patient's consent.
         */
        ConsentRecordedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "consent.recorded";
            body: components["schemas"]["ConsentRecorded"];
        };
        /**
         * ConsentRecordedEvent
         * @description Consent was recorded.
         */
        ConsentRecordedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "consent.recorded";
            body: components["schemas"]["ConsentRecorded"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * ConsentState
         * @description The consent recorded last.
         */
        ConsentState: {
            /** Signed On */
            signed_on: string;
            /** Document Note */
            document_note: string;
            recorded_by: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * Credentials
         * @description Local account.
         */
        Credentials: {
            /** Email */
            email: string;
            /** Password */
            password: string;
            /** Totp */
            totp?: string | null;
        };
        /**
         * EvaluationIn
         * @description An edited plan to be measured.
         */
        EvaluationIn: {
            /** Command Id */
            command_id: string;
            /** Base Sha256 */
            base_sha256: string;
            /**
             * Label
             * @default
             */
            label: string;
            /** Needles */
            needles: components["schemas"]["NeedleIn"][];
            /** Applications */
            applications: components["schemas"]["ApplicationIn"][];
        };
        /**
         * EventList
         * @description Events in order.
         */
        EventList: {
            /** Events */
            events: (components["schemas"]["CaseReferredEvent"] | components["schemas"]["SeriesAddedEvent"] | components["schemas"]["StructureProposedEvent"] | components["schemas"]["StructureEditedEvent"] | components["schemas"]["PlanProposedEvent"] | components["schemas"]["PlanEditedEvent"] | components["schemas"]["PlanApprovedEvent"] | components["schemas"]["ConsentRecordedEvent"] | components["schemas"]["ChecklistAnsweredEvent"] | components["schemas"]["StructureReviewedEvent"] | components["schemas"]["PlanSubmittedEvent"] | components["schemas"]["OpinionGivenEvent"] | components["schemas"]["ObjectionAnsweredEvent"] | components["schemas"]["ObjectionWithdrawnEvent"] | components["schemas"]["PlanSignedEvent"] | components["schemas"]["TreatmentRecordedEvent"] | components["schemas"]["ReportFiledEvent"] | components["schemas"]["TaskAddedEvent"] | components["schemas"]["TaskDoneEvent"] | components["schemas"]["CaseClosedEvent"])[];
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * Limits
         * @description Limits and retention of this hub.
         */
        Limits: {
            /** Max Upload Gb */
            max_upload_gb: number;
            /** Session Hours */
            session_hours: number;
            /** Retention Years */
            retention_years: number;
            /** Media Retention Years */
            media_retention_years: number;
        };
        /**
         * MembershipIn
         * @description A role at a site.
         */
        MembershipIn: {
            /** Site Id */
            site_id: string;
            role: components["schemas"]["Role"];
        };
        /**
         * MembershipShape
         * @description A role at a site.
         */
        MembershipShape: {
            /** Site Id */
            site_id: string;
            /** Site Name */
            site_name: string;
            /** Site Kind */
            site_kind: string;
            role: components["schemas"]["Role"];
        };
        /**
         * NeedleIn
         * @description A needle as it was dragged.
         */
        NeedleIn: {
            /** Id */
            id: string;
            /** Entry Lps */
            entry_lps: [
                number,
                number,
                number
            ];
            /** Tip Lps */
            tip_lps: [
                number,
                number,
                number
            ];
        };
        /**
         * NewPerson
         * @description Somebody to add.
         */
        NewPerson: {
            /** Name */
            name: string;
            /** Email */
            email: string;
            /** Password */
            password: string;
            /** Memberships */
            memberships: components["schemas"]["MembershipIn"][];
            /**
             * Locale
             * @default zh
             * @enum {string}
             */
            locale: "zh" | "en";
        };
        /**
         * NewSite
         * @description A centre or hospital to add.
         */
        NewSite: {
            /** Name */
            name: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "centre" | "hospital";
        };
        /**
         * NewUpload
         * @description What is going to be sent.
         */
        NewUpload: {
            /** Command Id */
            command_id: string;
            /** Files */
            files: components["schemas"]["UploadFile"][];
        };
        /**
         * ObjectionAnswered
         * @description The answer to an objection, named by the event it was given in.
         */
        ObjectionAnswered: {
            /** Opinion Seq */
            opinion_seq: number;
            /** Text */
            text: string;
        };
        /**
         * ObjectionAnsweredCommand
         * @description Answer an objection.
         */
        ObjectionAnsweredCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "objection.answered";
            body: components["schemas"]["ObjectionAnswered"];
        };
        /**
         * ObjectionAnsweredEvent
         * @description An objection was answered.
         */
        ObjectionAnsweredEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "objection.answered";
            body: components["schemas"]["ObjectionAnswered"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * ObjectionWithdrawn
         * @description The author takes an objection back.
         */
        ObjectionWithdrawn: {
            /** Opinion Seq */
            opinion_seq: number;
        };
        /**
         * ObjectionWithdrawnCommand
         * @description Withdraw one's objection.
         */
        ObjectionWithdrawnCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "objection.withdrawn";
            body: components["schemas"]["ObjectionWithdrawn"];
        };
        /**
         * ObjectionWithdrawnEvent
         * @description An objection was withdrawn.
         */
        ObjectionWithdrawnEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "objection.withdrawn";
            body: components["schemas"]["ObjectionWithdrawn"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * OpinionGiven
         * @description What a member of the MDT says about a plan.
         */
        OpinionGiven: {
            /** Plan Sha256 */
            plan_sha256: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "agree" | "agree_with_changes" | "object";
            /**
             * Text
             * @default
             */
            text: string;
        };
        /**
         * OpinionGivenCommand
         * @description Give an opinion.
         */
        OpinionGivenCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "opinion.given";
            body: components["schemas"]["OpinionGiven"];
        };
        /**
         * OpinionGivenEvent
         * @description An opinion was given.
         */
        OpinionGivenEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "opinion.given";
            body: components["schemas"]["OpinionGiven"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * OpinionState
         * @description An opinion and what became of it; `is_open` while it blocks signing.
         */
        OpinionState: {
            /** Seq */
            seq: number;
            /** Plan Sha256 */
            plan_sha256: string;
            person: components["schemas"]["ActorShape"];
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "agree" | "agree_with_changes" | "object";
            /** Text */
            text: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Answer */
            answer: string | null;
            answered_by: components["schemas"]["ActorShape"] | null;
            /** Answered At */
            answered_at: string | null;
            /** Withdrawn At */
            withdrawn_at: string | null;
            /** Is Open */
            is_open: boolean;
        };
        /**
         * PatientIdentity
         * @description Who the patient is, as the hospital has it.
         */
        PatientIdentity: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Sex
             * @default
             */
            sex: string;
            /**
             * Birth Date
             * @default
             */
            birth_date: string;
        };
        /**
         * PatientShape
         * @description Who the patient is.
         */
        PatientShape: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Sex */
            sex: string;
            /** Birth Date */
            birth_date: string;
        };
        /**
         * PersonChange
         * @description What is to change.
         */
        PersonChange: {
            /** Name */
            name?: string | null;
            /** Password */
            password?: string | null;
            /** Is Active */
            is_active?: boolean | null;
            /** Memberships */
            memberships?: components["schemas"]["MembershipIn"][] | null;
        };
        /**
         * PersonShape
         * @description Who is signed in.
         */
        PersonShape: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Email */
            email: string;
            /** Locale */
            locale: string;
        };
        /**
         * PlanApproved
         * @description Both have signed; the binding covers plan, structures and series.
         */
        PlanApproved: {
            /** Plan Sha256 */
            plan_sha256: string;
            /** Structures */
            structures: {
                [key: string]: string;
            };
            /** Series Sha256 */
            series_sha256: string;
            /** Binding Sha256 */
            binding_sha256: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * PlanApprovedEvent
         * @description Both have signed.
         */
        PlanApprovedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.approved";
            body: components["schemas"]["PlanApproved"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * PlanEditedEvent
         * @description A plan has a new version.
         */
        PlanEditedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.edited";
            body: components["schemas"]["PlanMade"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * PlanMade
         * @description A version of a plan, and the masks and series it was made on.
         */
        PlanMade: {
            /** Plan Sha256 */
            plan_sha256: string;
            /** Structures */
            structures: {
                [key: string]: string;
            };
            /** Series Sha256 */
            series_sha256: string;
            /**
             * Failed Checks
             * @default []
             */
            failed_checks: string[];
        } & {
            [key: string]: unknown;
        };
        /**
         * PlanProposedEvent
         * @description A plan was proposed.
         */
        PlanProposedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.proposed";
            body: components["schemas"]["PlanMade"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * PlanSigned
         * @description A signature; `plan_hash_read` is the hash of the plan as it was read.
         */
        PlanSigned: {
            /** Plan Sha256 */
            plan_sha256: string;
            /** Plan Hash Read */
            plan_hash_read: string;
        };
        /**
         * PlanSignedCommand
         * @description Sign a plan.
         */
        PlanSignedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.signed";
            body: components["schemas"]["PlanSigned"];
        };
        /**
         * PlanSignedEvent
         * @description A plan was signed.
         */
        PlanSignedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.signed";
            body: components["schemas"]["PlanSigned"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * PlanState
         * @description One version of a plan and where it stands.
         */
        PlanState: {
            /** Plan Sha256 */
            plan_sha256: string;
            /** Version */
            version: number;
            /** Parent Sha256 */
            parent_sha256?: string | null;
            /**
             * Kind
             * @default auto
             */
            kind: string;
            /**
             * Label
             * @default
             */
            label: string;
            /**
             * Created
             * Format: date-time
             */
            created: string;
            /** Author */
            author: string;
            /**
             * Summary
             * @default {}
             */
            summary: {
                [key: string]: unknown;
            };
            /**
             * Device Id
             * @default
             */
            device_id: string;
            /** Margin Mm */
            margin_mm?: number | null;
            /**
             * Checks
             * @default {}
             */
            checks: {
                [key: string]: number;
            };
            /** Structures */
            structures: {
                [key: string]: string;
            };
            /** Series Sha256 */
            series_sha256: string;
            /**
             * State
             * @enum {string}
             */
            state: "draft" | "submitted" | "approved" | "superseded";
            /** Submitted At */
            submitted_at: string | null;
            /** Blocked By */
            blocked_by: components["schemas"]["BlockShape"][];
        } & {
            [key: string]: unknown;
        };
        /**
         * PlanSubmitted
         * @description A plan goes to the MDT.
         */
        PlanSubmitted: {
            /** Plan Sha256 */
            plan_sha256: string;
        };
        /**
         * PlanSubmittedCommand
         * @description Submit a plan to the MDT.
         */
        PlanSubmittedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.submitted";
            body: components["schemas"]["PlanSubmitted"];
        };
        /**
         * PlanSubmittedEvent
         * @description A plan went to the MDT.
         */
        PlanSubmittedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "plan.submitted";
            body: components["schemas"]["PlanSubmitted"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * Proposal
         * @description A plan to be proposed.
         */
        Proposal: {
            /** Command Id */
            command_id: string;
            /** Series Id */
            series_id: string;
            /** Device Id */
            device_id: string;
            /**
             * Margin Mm
             * @default 5
             */
            margin_mm: number;
            /** Needles */
            needles?: number | null;
            /** Target */
            target?: string | null;
            /**
             * Accept Unreviewed
             * @default false
             */
            accept_unreviewed: boolean;
            /**
             * Accept Unverified Device
             * @default false
             */
            accept_unverified_device: boolean;
            /**
             * Label
             * @default
             */
            label: string;
        };
        /**
         * Referral
         * @description What opens a case.
         */
        Referral: {
            /** Command Id */
            command_id: string;
            /** Site Id */
            site_id: string;
            patient: components["schemas"]["PatientIdentity"];
            /** Modality */
            modality: string;
            /**
             * Indication
             * @default
             */
            indication: string;
        };
        /**
         * ReportFiled
         * @description A report in words.
         */
        ReportFiled: {
            /** Title */
            title: string;
            /** Text */
            text: string;
        };
        /**
         * ReportFiledCommand
         * @description File a report.
         */
        ReportFiledCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "report.filed";
            body: components["schemas"]["ReportFiled"];
        };
        /**
         * ReportFiledEvent
         * @description A report was filed.
         */
        ReportFiledEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "report.filed";
            body: components["schemas"]["ReportFiled"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * ReportState
         * @description A filed report.
         */
        ReportState: {
            /** Seq */
            seq: number;
            /** Title */
            title: string;
            /** Text */
            text: string;
            author: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * Role
         * @description What a person is at a site.
         * @enum {string}
         */
        Role: "expert" | "mdt" | "operator" | "technologist" | "observer" | "admin";
        /**
         * Segmentation
         * @description Structures to be proposed.
         */
        Segmentation: {
            /** Command Id */
            command_id: string;
            /** Series Id */
            series_id: string;
            /** Target Box */
            target_box?: [
                number,
                number,
                number,
                number,
                number,
                number
            ] | null;
            /** Target Name */
            target_name?: string | null;
            /** Only */
            only?: string[] | null;
        };
        /**
         * SeriesAdded
         * @description An image series was read.
         */
        SeriesAdded: {
            /** Id */
            id: string;
            /** Sha256 */
            sha256: string;
            /**
             * Is Primary
             * @default true
             */
            is_primary: boolean;
        } & {
            [key: string]: unknown;
        };
        /**
         * SeriesAddedEvent
         * @description An image series was read.
         */
        SeriesAddedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "series.added";
            body: components["schemas"]["SeriesAdded"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * SeriesState
         * @description An image series, with what the reader said of it.
         */
        SeriesState: {
            /** Id */
            id: string;
            /**
             * Description
             * @default
             */
            description: string;
            /** Is Primary */
            is_primary: boolean;
            /** Sha256 */
            sha256: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * SessionShape
         * @description A sign-in as the page knows it.
         */
        SessionShape: {
            person: components["schemas"]["PersonShape"];
            /** Memberships */
            memberships: components["schemas"]["MembershipShape"][];
            /** Csrf Token */
            csrf_token: string;
            /** Expires At */
            expires_at: string;
        };
        /**
         * Setup
         * @description The first centre and its administrator.
         */
        Setup: {
            /** Setup Token */
            setup_token: string;
            /** Centre Name */
            centre_name: string;
            /** Name */
            name: string;
            /** Email */
            email: string;
            /** Password */
            password: string;
        };
        /**
         * SetupState
         * @description Whether the hub waits for its first administrator.
         */
        SetupState: {
            /** Needed */
            needed: boolean;
        };
        /**
         * SignatureState
         * @description A signature.
         */
        SignatureState: {
            /** Plan Sha256 */
            plan_sha256: string;
            /** Role */
            role: string;
            person: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * SiteChange
         * @description What is to change.
         */
        SiteChange: {
            /** Name */
            name?: string | null;
            /** Is Active */
            is_active?: boolean | null;
        };
        /**
         * SiteRef
         * @description The hospital that owns the case.
         */
        SiteRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * StructureChanged
         * @description A mask was proposed or edited.
         */
        StructureChanged: {
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * StructureEditedEvent
         * @description A mask has a new version.
         */
        StructureEditedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "structure.edited";
            body: components["schemas"]["StructureChanged"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * StructureProposedEvent
         * @description An engine proposed a mask.
         */
        StructureProposedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "structure.proposed";
            body: components["schemas"]["StructureChanged"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * StructureReviewed
         * @description A review binds the mask that was looked at.
         */
        StructureReviewed: {
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * StructureReviewedCommand
         * @description Review the current version of a mask.
         */
        StructureReviewedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "structure.reviewed";
            body: components["schemas"]["StructureReviewed"];
        };
        /**
         * StructureReviewedEvent
         * @description A mask was reviewed.
         */
        StructureReviewedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "structure.reviewed";
            body: components["schemas"]["StructureReviewed"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * StructureState
         * @description The current version of a structure.
         */
        StructureState: {
            /** Name */
            name: string;
            /**
             * Kind
             * @default
             */
            kind: string;
            label: components["schemas"]["Bilingual"];
            /**
             * Colour
             * @default
             */
            colour: string;
            /** Sha256 */
            sha256: string;
            /** Version */
            version: number;
            /** Volume Ml */
            volume_ml?: number | null;
            /**
             * Engine
             * @default
             */
            engine: string;
            /**
             * State
             * @enum {string}
             */
            state: "proposed" | "reviewed";
            /** Reviewer */
            reviewer: string;
            /** Reviewed At */
            reviewed_at: string | null;
            /** Gate */
            gate?: unknown;
            /**
             * Reasons
             * @default []
             */
            reasons: unknown[];
        } & {
            [key: string]: unknown;
        };
        /**
         * TaskAdded
         * @description Something to be done for the patient; the sender makes up the id.
         */
        TaskAdded: {
            /** Id */
            id: string;
            /** Text */
            text: string;
            /** Due */
            due?: string | null;
        };
        /**
         * TaskAddedCommand
         * @description Add a task.
         */
        TaskAddedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "task.added";
            body: components["schemas"]["TaskAdded"];
        };
        /**
         * TaskAddedEvent
         * @description A task was added.
         */
        TaskAddedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "task.added";
            body: components["schemas"]["TaskAdded"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * TaskDone
         * @description A task is done.
         */
        TaskDone: {
            /** Id */
            id: string;
        };
        /**
         * TaskDoneCommand
         * @description A task is done.
         */
        TaskDoneCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "task.done";
            body: components["schemas"]["TaskDone"];
        };
        /**
         * TaskDoneEvent
         * @description A task was done.
         */
        TaskDoneEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "task.done";
            body: components["schemas"]["TaskDone"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * TaskState
         * @description Something to be done.
         */
        TaskState: {
            /** Id */
            id: string;
            /** Text */
            text: string;
            /** Due */
            due: string | null;
            /** Done At */
            done_at: string | null;
        };
        /**
         * TotpSecret
         * @description What the authenticator app needs.
         */
        TotpSecret: {
            /** Secret */
            secret: string;
            /** Uri */
            uri: string;
        };
        /**
         * TreatmentRecorded
         * @description The procedure took place.
         */
        TreatmentRecorded: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * TreatmentRecordedCommand
         * @description Record the procedure.
         */
        TreatmentRecordedCommand: {
            /** Command Id */
            command_id: string;
            /** Expected Seq */
            expected_seq?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "treatment.recorded";
            body: components["schemas"]["TreatmentRecorded"];
        };
        /**
         * TreatmentRecordedEvent
         * @description The procedure was recorded.
         */
        TreatmentRecordedEvent: {
            /** Seq */
            seq: number;
            /** Command Id */
            command_id: string;
            actor: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "treatment.recorded";
            body: components["schemas"]["TreatmentRecorded"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * TreatmentState
         * @description A recorded procedure.
         */
        TreatmentState: {
            /** Treated At */
            treated_at: string;
            /** Note */
            note: string;
            /** Plan Sha256 */
            plan_sha256: string | null;
            recorded_by: components["schemas"]["ActorShape"];
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * UploadFile
         * @description One file: its name is shown, never used as a path.
         */
        UploadFile: {
            /** Path */
            path: string;
            /** Size */
            size: number;
        };
        /** ValidationError */
        ValidationError: {
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
            /** Input */
            input?: unknown;
            /** Context */
            ctx?: Record<string, never>;
        };
        /**
         * VerificationIn
         * @description Who compared a device's table with the manufacturer's.
         */
        VerificationIn: {
            /** Verified By */
            verified_by: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * Whereabouts
         * @description What somebody is looking at.
         */
        Whereabouts: {
            /** Where */
            where: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_setup_api_setup_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
        };
    };
    set_up_api_setup_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionShape"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_session_api_session_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionShape"];
                };
            };
        };
    };
    sign_in_api_session_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionShape"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    sign_out_api_session_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    propose_totp_api_session_totp_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpSecret"];
                };
            };
        };
    };
    confirm_totp_api_session_totp_confirmation_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_sites_api_admin_sites_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
    };
    add_site_api_admin_sites_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    change_site_api_admin_sites__site_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_people_api_admin_people_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
    };
    add_person_api_admin_people_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    change_person_api_admin_people__person_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    verify_device_api_admin_devices__device_id__verification_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerificationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    withdraw_verification_api_admin_devices__device_id__verification_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_limits_api_admin_limits_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
        };
    };
    put_limits_api_admin_limits_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Limits"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    verify_audit_api_admin_audit_verification_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    list_audit_api_admin_audit_get: {
        parameters: {
            query?: {
                person_id?: string;
                case_id?: string;
                cursor?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_cases_api_cases_get: {
        parameters: {
            query?: {
                state?: ("referred" | "imaging" | "structures" | "planning" | "mdt" | "approved" | "treated" | "follow_up" | "closed") | null;
                site_id?: string | null;
                q?: string;
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseList"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    refer_case_api_cases_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Referral"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseShape"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_case_api_cases__case_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseShape"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_events_api_cases__case_id__events_get: {
        parameters: {
            query?: {
                after?: number;
            };
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    append_event_api_cases__case_id__events_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentRecordedCommand"] | components["schemas"]["ChecklistAnsweredCommand"] | components["schemas"]["StructureReviewedCommand"] | components["schemas"]["PlanSubmittedCommand"] | components["schemas"]["OpinionGivenCommand"] | components["schemas"]["ObjectionAnsweredCommand"] | components["schemas"]["ObjectionWithdrawnCommand"] | components["schemas"]["PlanSignedCommand"] | components["schemas"]["TreatmentRecordedCommand"] | components["schemas"]["ReportFiledCommand"] | components["schemas"]["TaskAddedCommand"] | components["schemas"]["TaskDoneCommand"] | components["schemas"]["CaseClosedCommand"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appended"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    stream_case_api_cases__case_id__stream_get: {
        parameters: {
            query?: {
                after?: number | null;
            };
            header?: {
                "last-event-id"?: number | null;
            };
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    be_present_api_cases__case_id__presence_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Whereabouts"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    begin_upload_api_cases__case_id__uploads_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpload"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_upload_api_uploads__upload_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    cancel_upload_api_uploads__upload_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    put_part_api_uploads__upload_id__files__n__put: {
        parameters: {
            query?: {
                offset?: number;
            };
            header?: never;
            path: {
                upload_id: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: number;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    complete_upload_api_uploads__upload_id__complete_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Completion"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_series_api_series__series_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                series_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_slab_api_series__series_id__slab_get: {
        parameters: {
            query?: {
                level?: number;
                k0?: number;
                k1?: number | null;
            };
            header?: never;
            path: {
                series_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_frame_api_series__series_id__frames__k__get: {
        parameters: {
            query?: {
                skip?: number;
            };
            header?: never;
            path: {
                series_id: string;
                k: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_structures_api_cases__case_id__structures_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_mask_api_structures__sha256__mask_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_mesh_api_structures__sha256__mesh_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_distance_api_structures__sha256__distance_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    put_mask_api_cases__case_id__structures__name__mask_put: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string;
            };
            path: {
                name: string;
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    order_segmentation_api_cases__case_id__segmentations_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Segmentation"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    order_proposal_api_cases__case_id__proposals_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Proposal"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    order_evaluation_api_cases__case_id__evaluations_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvaluationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    order_access_map_api_cases__case_id__access_maps_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessMapIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_access_map_api_cases__case_id__access_maps__sha256__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_plans_api_cases__case_id__plans_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_plan_api_plans__sha256__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_files_api_plans__sha256__files_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_file_api_plans__sha256__files__path__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_template_api_plans__sha256__template_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_diff_api_plans__sha256__diff__other__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
                other: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_jobs_api_cases__case_id__jobs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_job_api_jobs__job_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    cancel_job_api_jobs__job_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_devices_api_devices_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
    };
    get_zone_api_devices__device_id__zone_get: {
        parameters: {
            query: {
                power_w: number;
                time_s: number;
            };
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_clearance_rules_api_clearance_rules_get: {
        parameters: {
            query?: {
                modality?: "mwa" | "rfa";
                usable_length_mm?: number;
                gauge?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_metadata_fhir_metadata_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": unknown;
                };
            };
        };
    };
    search_resources_fhir__kind__get: {
        parameters: {
            query?: {
                _id?: string;
                patient?: string;
                identifier?: string;
                status?: string;
                _count?: number;
                _offset?: number;
            };
            header?: never;
            path: {
                kind: "Patient" | "ImagingStudy" | "ServiceRequest" | "CarePlan" | "DiagnosticReport" | "DocumentReference";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    read_resource_fhir__kind___logical_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "Patient" | "ImagingStudy" | "ServiceRequest" | "CarePlan" | "DiagnosticReport" | "DocumentReference";
                logical_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
}
