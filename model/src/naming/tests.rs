use super::*;

/// Wire name, field, type.
const NAMES: &[(&str, &str, &str)] = &[
    ("CachediSCSIVolume", "cached_iscsi_volume", "CachedIscsiVolume"),
    ("CachediSCSIVolumes", "cached_iscsi_volumes", "CachedIscsiVolumes"),
    ("CreateCachediSCSIVolume", "create_cached_iscsi_volume", "CreateCachedIscsiVolume"),
    ("CreateCachediSCSIVolumeInput", "create_cached_iscsi_volume_input", "CreateCachedIscsiVolumeInput"),
    ("CreateCachediSCSIVolumeOutput", "create_cached_iscsi_volume_output", "CreateCachedIscsiVolumeOutput"),
    ("CreateStorediSCSIVolume", "create_stored_iscsi_volume", "CreateStoredIscsiVolume"),
    ("CreateStorediSCSIVolumeInput", "create_stored_iscsi_volume_input", "CreateStoredIscsiVolumeInput"),
    ("CreateStorediSCSIVolumeOutput", "create_stored_iscsi_volume_output", "CreateStoredIscsiVolumeOutput"),
    ("DescribeCachediSCSIVolumes", "describe_cached_iscsi_volumes", "DescribeCachedIscsiVolumes"),
    (
        "DescribeCachediSCSIVolumesInput",
        "describe_cached_iscsi_volumes_input",
        "DescribeCachedIscsiVolumesInput",
    ),
    (
        "DescribeCachediSCSIVolumesOutput",
        "describe_cached_iscsi_volumes_output",
        "DescribeCachedIscsiVolumesOutput",
    ),
    ("DescribeStorediSCSIVolumes", "describe_stored_iscsi_volumes", "DescribeStoredIscsiVolumes"),
    (
        "DescribeStorediSCSIVolumesInput",
        "describe_stored_iscsi_volumes_input",
        "DescribeStoredIscsiVolumesInput",
    ),
    (
        "DescribeStorediSCSIVolumesOutput",
        "describe_stored_iscsi_volumes_output",
        "DescribeStoredIscsiVolumesOutput",
    ),
    ("DeviceiSCSIAttributes", "device_iscsi_attributes", "DeviceIscsiAttributes"),
    ("HasNFSv41", "has_nfsv41", "HasNfsv41"),
    ("PoolARNs", "pool_arns", "PoolArns"),
    ("SMBACLEnabled", "smb_acl_enabled", "SmbAclEnabled"),
    ("StorediSCSIVolume", "stored_iscsi_volume", "StoredIscsiVolume"),
    ("StorediSCSIVolumes", "stored_iscsi_volumes", "StoredIscsiVolumes"),
    ("TapeARNs", "tape_arns", "TapeArns"),
    ("VTLDeviceARNs", "vtl_device_arns", "VtlDeviceArns"),
    ("VolumeARNs", "volume_arns", "VolumeArns"),
    ("VolumeiSCSIAttributes", "volume_iscsi_attributes", "VolumeIscsiAttributes"),
    ("errorCode", "error_code", "ErrorCode"),
    ("IPV4Address", "ipv4_address", "Ipv4Address"),
    ("Type", "type_", "Type"),
    ("self", "self_", "Self_"),
    ("gen", "gen_", "Gen"),
    ("100", "_100", "_100"),
    ("*", "star", "Star"),
    ("", "empty", "Empty"),
    ("+-", "u002b_u002d", "U002bU002d"),
    ("größe", "gr_e", "GrE"),
    ("²", "u00b2", "U00b2"),
];

#[test]
fn fields_and_types() {
    for (wire, field_name, type_name) in NAMES {
        assert_eq!((field(wire).as_str(), ty(wire).as_str()), (*field_name, *type_name), "{wire}");
    }
}

#[test]
fn variants() {
    let names = [
        ("FILE_FSX_SMB", "FileFsxSmb"),
        ("GP2", "Gp2"),
        ("Non-WORM", "NonWorm"),
        ("HYPER-V", "HyperV"),
        ("LunAlreadyAllocated ", "LunAlreadyAllocated"),
        ("NONE", "None"),
        ("aws:kms", "AwsKms"),
        ("public-read", "PublicRead"),
        ("IAMNotSupported", "IamNotSupported"),
        ("Self", "Self_"),
    ];
    for (wire, name) in names {
        assert_eq!(variant(wire), name, "{wire}");
    }
}

#[test]
fn others() {
    assert_eq!(module("aws-storage-gateway"), "aws_storage_gateway");
    assert_eq!(module("Loop"), "loop_");
    for (device, file) in [("Con", "con_"), ("AUX", "aux_"), ("Com1", "com1_"), ("LPT0", "lpt0_")] {
        assert_eq!(module(device), file);
    }
    for name in ["Cons", "Com", "Com10", "Complete"] {
        assert_eq!(module(name), field(name));
    }
    assert_eq!(constant("StorageGateway"), "STORAGE_GATEWAY");
    assert_eq!(request_ty("CreateCachediSCSIVolume"), "CreateCachedIscsiVolumeRequest");
    assert_eq!(response_ty("AddCache"), "AddCacheResponse");
    assert_eq!(error_ty("AddCache"), "AddCacheError");
    assert_eq!(required_ty("AddCache"), "AddCacheRequired");
    assert_eq!((ty("Self"), request_ty("Self")), ("Self_".to_owned(), "SelfRequest".to_owned()));
}

#[test]
fn keywords_are_sorted_and_all_are_escaped() {
    assert!(KEYWORDS.is_sorted());
    for keyword in KEYWORDS.iter().filter(|keyword| **keyword != "Self") {
        assert_eq!(field(keyword), format!("{keyword}_"));
    }
}
