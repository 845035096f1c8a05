import { ContainerBoardSkeleton } from "@/components/containers/container-board-skeleton.tsx";

export default function Loading() {
  return <ContainerBoardSkeleton />;
}
