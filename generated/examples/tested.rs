//! A function that calls a service, and its tests with the fake: `cargo test --example tested`.
//!
//! `cargo run --example tested` calls the function once, with the fake, too.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;

use gatewright::{
    aws_storage_gateway::{self, Client, DeleteVolumeRequest, FAKE, ListVolumesRequest},
    fake::Fake,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = Fake::start(&FAKE).await?;
    println!("deleted: {}", delete_volumes(&fake.client()?).await?);
    Ok(())
}

/// Deletes every volume; a volume that is gone already counts as well. Returns their number.
async fn delete_volumes(client: &Client) -> Result<usize, aws_storage_gateway::Error> {
    let mut deleted = 0;
    let mut volumes = client.list_volumes(ListVolumesRequest::new()).items();
    while let Some(volume) = volumes.next().await.transpose()? {
        let Some(arn) = volume.volume_arn else { continue };
        match client.delete_volume(DeleteVolumeRequest::new(arn)).await {
            Err(error) if !error.is_not_found() => return Err(error),
            _ => deleted += 1,
        }
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use gatewright::{
        aws_storage_gateway::{DeleteVolumeResponse, ErrorCode, ListVolumesResponse, VolumeInfo},
        fake::Misbehaviour,
    };

    use super::*;

    type Result = std::result::Result<(), Box<dyn Error>>;

    /// A service with two volumes.
    async fn fake() -> std::io::Result<Fake> {
        let fake = Fake::start(&FAKE).await?;
        fake.on(|_: ListVolumesRequest| {
            let arn = |id: u32| {
                format!(
                    "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B/volume/vol-{id:08}"
                )
            };
            let volumes = (1..=2).map(|id| VolumeInfo::new().volume_arn(arn(id)));
            Ok(ListVolumesResponse::new().volume_infos(volumes.collect()))
        });
        fake.on(
            |request: DeleteVolumeRequest| Ok(DeleteVolumeResponse::new().volume_arn(request.volume_arn)),
        );
        Ok(fake)
    }

    #[tokio::test]
    async fn every_volume_is_deleted() -> Result {
        let fake = fake().await?;
        assert_eq!(delete_volumes(&fake.client()?).await?, 2);
        assert_eq!(fake.requests().len(), 3);
        Ok(())
    }

    #[tokio::test]
    async fn a_volume_that_is_gone_counts_as_well() -> Result {
        let fake = fake().await?;
        fake.fail_next::<DeleteVolumeRequest>(ErrorCode::VolumeNotFound);
        assert_eq!(delete_volumes(&fake.client()?).await?, 2);
        Ok(())
    }

    #[tokio::test]
    async fn a_volume_in_use_ends_the_work() -> Result {
        let fake = fake().await?;
        fake.fail_next::<DeleteVolumeRequest>(ErrorCode::VolumeInUse);
        let error = delete_volumes(&fake.client()?).await.expect_err("the volume is in use");
        assert_eq!(error.code(), Some(&ErrorCode::VolumeInUse));
        Ok(())
    }

    #[tokio::test]
    async fn a_lost_response_of_a_list_is_requested_again() -> Result {
        let fake = fake().await?;
        fake.misbehave_next(Misbehaviour::Close);
        assert_eq!(delete_volumes(&fake.client()?).await?, 2);
        Ok(())
    }
}
