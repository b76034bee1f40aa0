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
    "/api/session/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Providers
         * @description Where one can sign in besides the local account.
         */
        get: operations["list_providers_api_session_providers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/oidc/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Leave
         * @description Send the browser to the provider.
         */
        get: operations["leave_api_session_oidc__provider__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/oidc/{provider}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come Back
         * @description Back from the provider: somebody known here, by verified e-mail, is signed in.
         */
        get: operations["come_back_api_session_oidc__provider__callback_get"];
        put?: never;
        post?: never;
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
    "/api/admin/people/{person_id}/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Second Factor
         * @description Somebody lost their second factor: the password is enough again; ends their sign-ins.
         */
        delete: operations["remove_second_factor_api_admin_people__person_id__totp_delete"];
        options?: never;
        head?: never;
        patch?: never;
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
    "/api/admin/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tokens
         * @description Every token, revoked and expired ones too.
         */
        get: operations["list_tokens_api_admin_tokens_get"];
        put?: never;
        /**
         * Issue Token
         * @description Let a machine in at one site in one role.
         */
        post: operations["issue_token_api_admin_tokens_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Token
         * @description From now on the token opens nothing.
         */
        delete: operations["revoke_token_api_admin_tokens__token_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/gateways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Gateways
         * @description Every gateway, revoked ones too.
         */
        get: operations["list_gateways_api_admin_gateways_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/gateways/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Code
         * @description A code by which one gateway of a hospital may join within half an hour.
         */
        post: operations["make_code_api_admin_gateways_codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/gateways/{gateway_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Gateway
         * @description Its open connections end now, and it is let in no more.
         */
        delete: operations["revoke_gateway_api_admin_gateways__gateway_id__delete"];
        options?: never;
        head?: never;
        /**
         * Rename Gateway
         * @description Give a gateway another name.
         */
        patch: operations["rename_gateway_api_admin_gateways__gateway_id__patch"];
        trace?: never;
    };
    "/api/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Hospitals
         * @description Hospitals in use, by name.
         */
        get: operations["list_hospitals_api_sites_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dicom/port": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Port
         * @description What a station must be told of this hub.
         */
        get: operations["get_port_api_admin_dicom_port_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dicom/stations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Stations
         * @description Every station.
         */
        get: operations["list_stations_api_admin_dicom_stations_get"];
        put?: never;
        /**
         * Add Station
         * @description Register a station.
         */
        post: operations["add_station_api_admin_dicom_stations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dicom/stations/{station_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Station
         * @description Change a station; counts from its next request on.
         */
        put: operations["change_station_api_admin_dicom_stations__station_id__put"];
        post?: never;
        /**
         * Remove Station
         * @description Forget a station and its rules.
         */
        delete: operations["remove_station_api_admin_dicom_stations__station_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dicom/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rules
         * @description Every rule of sending.
         */
        get: operations["list_rules_api_admin_dicom_rules_get"];
        put?: never;
        /**
         * Add Rule
         * @description Send by itself from now on.
         */
        post: operations["add_rule_api_admin_dicom_rules_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dicom/rules/{rule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Rule
         * @description Send no longer by this rule; what was ordered goes on.
         */
        delete: operations["remove_rule_api_admin_dicom_rules__rule_id__delete"];
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
    "/api/arriving": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Arriving
         * @description Series of the hospitals that one sees, the one that changed last first.
         */
        get: operations["list_arriving_api_arriving_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/arriving": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Arriving Of Case
         * @description Series on their way into a case.
         */
        get: operations["list_arriving_of_case_api_cases__case_id__arriving_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arriving/{arriving_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Arriving
         * @description How far it is, what was set aside, and where its slices lie.
         */
        get: operations["get_arriving_api_arriving__arriving_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arriving/{arriving_id}/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Arriving Pictures
         * @description HTJ2K of slices [k0, k1) from the feet, like a kept series' pictures; slices not there are left out.
         */
        get: operations["get_arriving_pictures_api_arriving__arriving_id__pictures_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arriving/{arriving_id}/structures/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Early Structure
         * @description Packed mask of a preliminary organ on the grid that ``early.grid`` says; for looking at only.
         */
        get: operations["get_early_structure_api_arriving__arriving_id__structures__kind__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arriving/{arriving_id}/focus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post Focus
         * @description Let the slices around this one come first.
         */
        post: operations["post_focus_api_arriving__arriving_id__focus_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arriving/{arriving_id}/urgent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post Urgent
         * @description Let the series go before every other of its gateway.
         */
        post: operations["post_urgent_api_arriving__arriving_id__urgent_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arriving/{arriving_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Case
         * @description Put a series into a case; whoever does it has compared both identities (hazard H2).
         */
        post: operations["confirm_case_api_arriving__arriving_id__confirm_post"];
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
         * @description Slices [k0, k1) of a level as int16, unpacked: near the hub, packing takes longer than sending.
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
         * @description HTJ2K code stream of a slice; with `skip` a prefix that holds exactly 1/2 or 1/4 resolution.
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
    "/api/series/{series_id}/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Pictures
         * @description HTJ2K of slices [k0, k1): all but the `skip` finest resolutions, less what `after` has given.
         */
        get: operations["get_pictures_api_series__series_id__pictures_get"];
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
         * @description Signed distance field, of the whole structure or of the large parts that its clearance rule means.
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
         * @description A new version of a structure, or with ``If-None-Match: *`` a new structure drawn on a series.
         *
         *     412 with the current version when somebody was faster.
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
    "/api/plans/{sha256}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Results
         * @description What engines computed for a version: fields, curves and histograms, without their arrays.
         */
        get: operations["list_results_api_plans__sha256__results_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{sha256}/results/{result}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Result
         * @description One result with its arrays.
         */
        get: operations["get_result_api_plans__sha256__results__result__get"];
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
    "/dicomweb/studies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Studies
         * @description Studies.
         */
        get: operations["search_studies_dicomweb_studies_get"];
        put?: never;
        /**
         * Store Instances
         * @description Keep CT instances; the answer says what became of each.
         */
        post: operations["store_instances_dicomweb_studies_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search All Series
         * @description Series of every study.
         */
        get: operations["search_all_series_dicomweb_series_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search All Instances
         * @description Instances of every study.
         */
        get: operations["search_all_instances_dicomweb_instances_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Series
         * @description Series of a study.
         */
        get: operations["search_series_dicomweb_studies__study__series_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Study Instances
         * @description Instances of a study.
         */
        get: operations["search_study_instances_dicomweb_studies__study__instances_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series/{series}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Instances
         * @description Instances of a series.
         */
        get: operations["search_instances_dicomweb_studies__study__series__series__instances_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series/{series}/instances/{instance}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metadata
         * @description Every attribute but the pixels.
         */
        get: operations["get_metadata_dicomweb_studies__study__series__series__instances__instance__metadata_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series/{series}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metadata
         * @description Every attribute but the pixels.
         */
        get: operations["get_metadata_dicomweb_studies__study__series__series__metadata_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metadata
         * @description Every attribute but the pixels.
         */
        get: operations["get_metadata_dicomweb_studies__study__metadata_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series/{series}/instances/{instance}/frames/{frames}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Frames
         * @description Frames (from 1, joined by commas) as the instance encodes them.
         */
        get: operations["get_frames_dicomweb_studies__study__series__series__instances__instance__frames__frames__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series/{series}/instances/{instance}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Files
         * @description The files themselves, in the transfer syntax in which they came.
         */
        get: operations["get_files_dicomweb_studies__study__series__series__instances__instance__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}/series/{series}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Files
         * @description The files themselves, in the transfer syntax in which they came.
         */
        get: operations["get_files_dicomweb_studies__study__series__series__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/studies/{study}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Files
         * @description The files themselves, in the transfer syntax in which they came.
         */
        get: operations["get_files_dicomweb_studies__study__get"];
        put?: never;
        /**
         * Store Instances
         * @description Keep CT instances; the answer says what became of each.
         */
        post: operations["store_instances_dicomweb_studies__study__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/cases/{case_id}/studies/{study}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store Instances
         * @description Keep CT instances; the answer says what became of each.
         */
        post: operations["store_instances_dicomweb_cases__case_id__studies__study__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dicomweb/cases/{case_id}/studies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store Instances
         * @description Keep CT instances; the answer says what became of each.
         */
        post: operations["store_instances_dicomweb_cases__case_id__studies_post"];
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
         * Command
         * @description A request that is carried out once.
         */
        Command: {
            /** Command Id */
            command_id: string;
        };
        /**
         * Completion
         * @description How to read what was sent, and whether structures are to be proposed on it at once.
         */
        Completion: {
            /** Series */
            series?: string | null;
            /**
             * Confirm Identity
             * @default false
             */
            confirm_identity: boolean;
            /**
             * Then Segment
             * @default false
             */
            then_segment: boolean;
        };
        /**
         * Confirmation
         * @description The case that a series is put into, and the identity in its images as the person saw it.
         */
        Confirmation: {
            /** Command Id */
            command_id: string;
            /** Case Id */
            case_id: string;
            expected: components["schemas"]["Identity"];
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
        /**
         * Focus
         * @description The slice that somebody looks at, counted from the feet.
         */
        Focus: {
            /** K */
            k: number;
        };
        /**
         * GatewayShape
         * @description What the hub knows of a gateway.
         *
         *     Parameters
         *     ----------
         *     rate_bytes_per_s : float
         *         What came in the last seconds.
         *     clock_difference_s : float or None
         *         Its clock less the hub's, s.
         */
        GatewayShape: {
            /** Id */
            id: string;
            /** Site Id */
            site_id: string;
            /** Name */
            name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Revoked At */
            revoked_at: string | null;
            /** Certificate Ends At */
            certificate_ends_at: string | null;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Is Connected */
            is_connected: boolean;
            /** Rate Bytes Per S */
            rate_bytes_per_s: number;
            /** Clock Difference S */
            clock_difference_s: number | null;
            /** Software */
            software: string;
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * Identity
         * @description Whose images they are, as they were shown.
         */
        Identity: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Birth Date */
            birth_date: string;
        };
        /**
         * IssuedCode
         * @description A one-time code, shown this once; the gateway needs it and the link's port.
         */
        IssuedCode: {
            /** Code */
            code: string;
            /** Name */
            name: string;
            /** Site Id */
            site_id: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Link Port */
            link_port: number;
        };
        /**
         * IssuedToken
         * @description A new token with its text, shown this once.
         */
        IssuedToken: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Site Id */
            site_id: string;
            role: components["schemas"]["Role"];
            /** Created By */
            created_by: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
            /** Token */
            token: string;
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
         * NewCode
         * @description For which hospital a gateway is to join, and what it is to be called.
         */
        NewCode: {
            /** Site Id */
            site_id: string;
            /**
             * Name
             * @default
             */
            name: string;
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
         * NewToken
         * @description A machine to let in.
         */
        NewToken: {
            /** Name */
            name: string;
            /** Site Id */
            site_id: string;
            role: components["schemas"]["Role"];
            /** Valid Days */
            valid_days: number;
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
         * PortShape
         * @description Where stations connect; port 0 when they cannot.
         */
        PortShape: {
            /** Ae Title */
            ae_title: string;
            /** Host */
            host: string;
            /** Port */
            port: number;
            /** Has Tls */
            has_tls: boolean;
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
         * Renaming
         * @description What the gateway is called from now on.
         */
        Renaming: {
            /** Name */
            name: string;
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
         * RuleIn
         * @description What goes to a station by itself; `site_id` and `modality` empty for any.
         */
        RuleIn: {
            /** Station Id */
            station_id: string;
            /**
             * Site Id
             * @default
             */
            site_id: string;
            /**
             * Modality
             * @default
             */
            modality: string;
            /** Kinds */
            kinds: ("series" | "segmentation" | "structure-set" | "plan-document")[];
        };
        /**
         * RuleShape
         * @description A rule in use.
         */
        RuleShape: {
            /** Station Id */
            station_id: string;
            /**
             * Site Id
             * @default
             */
            site_id: string;
            /**
             * Modality
             * @default
             */
            modality: string;
            /** Kinds */
            kinds: ("series" | "segmentation" | "structure-set" | "plan-document")[];
            /** Id */
            id: string;
            /** Created By */
            created_by: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
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
         * SiteName
         * @description A hospital as everybody knows it.
         */
        SiteName: {
            /** Id */
            id: string;
            /** Name */
            name: string;
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
         * StationIn
         * @description A station; `sees` names the sites whose cases it may see, null stands for every site.
         */
        StationIn: {
            /** Ae Title */
            ae_title: string;
            /** Site Id */
            site_id: string;
            /** Host */
            host: string;
            /** Port */
            port: number;
            /**
             * Uses Tls
             * @default false
             */
            uses_tls: boolean;
            /**
             * Certificate Sha256
             * @default
             */
            certificate_sha256: string;
            /** Sees */
            sees?: string[] | null;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /**
         * StationShape
         * @description A station as it is registered.
         */
        StationShape: {
            /** Ae Title */
            ae_title: string;
            /** Site Id */
            site_id: string;
            /** Host */
            host: string;
            /** Port */
            port: number;
            /**
             * Uses Tls
             * @default false
             */
            uses_tls: boolean;
            /**
             * Certificate Sha256
             * @default
             */
            certificate_sha256: string;
            /** Sees */
            sees?: string[] | null;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
            /** Id */
            id: string;
            /** Created By */
            created_by: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
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
         * TokenShape
         * @description What is known of a token; never its text.
         */
        TokenShape: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Site Id */
            site_id: string;
            role: components["schemas"]["Role"];
            /** Created By */
            created_by: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
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
    list_providers_api_session_providers_get: {
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
                        [key: string]: string;
                    }[];
                };
            };
        };
    };
    leave_api_session_oidc__provider__get: {
        parameters: {
            query?: {
                next?: string;
            };
            header?: never;
            path: {
                provider: string;
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
    come_back_api_session_oidc__provider__callback_get: {
        parameters: {
            query?: {
                code?: string;
                state?: string;
            };
            header?: never;
            path: {
                provider: string;
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
    remove_second_factor_api_admin_people__person_id__totp_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
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
    list_tokens_api_admin_tokens_get: {
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
                    "application/json": components["schemas"]["TokenShape"][];
                };
            };
        };
    };
    issue_token_api_admin_tokens_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedToken"];
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
    revoke_token_api_admin_tokens__token_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
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
                    "application/json": components["schemas"]["TokenShape"];
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
    list_gateways_api_admin_gateways_get: {
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
                    "application/json": components["schemas"]["GatewayShape"][];
                };
            };
        };
    };
    make_code_api_admin_gateways_codes_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCode"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedCode"];
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
    revoke_gateway_api_admin_gateways__gateway_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                gateway_id: string;
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
                    "application/json": components["schemas"]["GatewayShape"];
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
    rename_gateway_api_admin_gateways__gateway_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                gateway_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Renaming"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayShape"];
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
    list_hospitals_api_sites_get: {
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
                    "application/json": components["schemas"]["SiteName"][];
                };
            };
        };
    };
    get_port_api_admin_dicom_port_get: {
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
                    "application/json": components["schemas"]["PortShape"];
                };
            };
        };
    };
    list_stations_api_admin_dicom_stations_get: {
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
                    "application/json": components["schemas"]["StationShape"][];
                };
            };
        };
    };
    add_station_api_admin_dicom_stations_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationShape"];
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
    change_station_api_admin_dicom_stations__station_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                station_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationShape"];
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
    remove_station_api_admin_dicom_stations__station_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                station_id: string;
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
    list_rules_api_admin_dicom_rules_get: {
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
                    "application/json": components["schemas"]["RuleShape"][];
                };
            };
        };
    };
    add_rule_api_admin_dicom_rules_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleShape"];
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
    remove_rule_api_admin_dicom_rules__rule_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rule_id: string;
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
    list_arriving_api_arriving_get: {
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
    list_arriving_of_case_api_cases__case_id__arriving_get: {
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
    get_arriving_api_arriving__arriving_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                arriving_id: string;
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
    get_arriving_pictures_api_arriving__arriving_id__pictures_get: {
        parameters: {
            query?: {
                skip?: number;
                after?: number | null;
                k0?: number;
                k1?: number | null;
            };
            header?: never;
            path: {
                arriving_id: string;
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
    get_early_structure_api_arriving__arriving_id__structures__kind__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                arriving_id: string;
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
    post_focus_api_arriving__arriving_id__focus_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                arriving_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Focus"];
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
    post_urgent_api_arriving__arriving_id__urgent_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                arriving_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Command"];
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
    confirm_case_api_arriving__arriving_id__confirm_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                arriving_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
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
    get_pictures_api_series__series_id__pictures_get: {
        parameters: {
            query?: {
                skip?: number;
                after?: number | null;
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
            query?: {
                part?: "whole" | "large";
            };
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
            query?: {
                series_id?: string;
                kind?: string;
            };
            header?: {
                "if-match"?: string;
                "if-none-match"?: string;
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
    list_results_api_plans__sha256__results_get: {
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
    get_result_api_plans__sha256__results__result__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
                result: string;
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
    search_studies_dicomweb_studies_get: {
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
                    "application/json": unknown;
                };
            };
        };
    };
    store_instances_dicomweb_studies_post: {
        parameters: {
            query?: {
                case_id?: string;
                study?: string;
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
    search_all_series_dicomweb_series_get: {
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
                    "application/json": unknown;
                };
            };
        };
    };
    search_all_instances_dicomweb_instances_get: {
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
                    "application/json": unknown;
                };
            };
        };
    };
    search_series_dicomweb_studies__study__series_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
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
    search_study_instances_dicomweb_studies__study__instances_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
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
    search_instances_dicomweb_studies__study__series__series__instances_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
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
    get_metadata_dicomweb_studies__study__series__series__instances__instance__metadata_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
                instance: string;
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
    get_metadata_dicomweb_studies__study__series__series__metadata_get: {
        parameters: {
            query?: {
                instance?: string;
            };
            header?: never;
            path: {
                study: string;
                series: string;
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
    get_metadata_dicomweb_studies__study__metadata_get: {
        parameters: {
            query?: {
                series?: string;
                instance?: string;
            };
            header?: never;
            path: {
                study: string;
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
    get_frames_dicomweb_studies__study__series__series__instances__instance__frames__frames__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
                instance: string;
                frames: string;
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
    get_files_dicomweb_studies__study__series__series__instances__instance__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
                instance: string;
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
    get_files_dicomweb_studies__study__series__series__get: {
        parameters: {
            query?: {
                instance?: string;
            };
            header?: never;
            path: {
                study: string;
                series: string;
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
    get_files_dicomweb_studies__study__get: {
        parameters: {
            query?: {
                series?: string;
                instance?: string;
            };
            header?: never;
            path: {
                study: string;
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
    store_instances_dicomweb_studies__study__post: {
        parameters: {
            query?: {
                case_id?: string;
            };
            header?: never;
            path: {
                study: string;
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
    store_instances_dicomweb_cases__case_id__studies__study__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
                study: string;
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
    store_instances_dicomweb_cases__case_id__studies_post: {
        parameters: {
            query?: {
                study?: string;
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
                _cursor?: string;
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
